/* eros-parts.c: which parts of a date or time a function takes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-catalogue-private.h"

#include <eros-date-part.h>

#define PART(name)  (1u << EROS_PART_##name)
#define SUBDAY      (PART (MICROSECOND) | PART (MILLISECOND) | PART (SECOND) | PART (MINUTE) | PART (HOUR))
#define DATE_UNITS  (PART (DAY) | PART (WEEK) | PART (MONTH) | PART (QUARTER) | PART (YEAR))
#define ISO_UNITS   (PART (ISOWEEK) | PART (ISOYEAR))
#define DATE_FIELDS (DATE_UNITS | ISO_UNITS | PART (DAYOFWEEK) | PART (DAYOFYEAR))

#define ON_DATE      (1u << EROS_SQL_DATE)
#define ON_TIME      (1u << EROS_SQL_TIME)
#define ON_DATETIME  (1u << EROS_SQL_DATETIME)
#define ON_TIMESTAMP (1u << EROS_SQL_TIMESTAMP)
#define ON_ALL       G_MAXUINT

static const struct
{
  const char *function;
  guint kinds; /* of the first argument */
  guint parts;
} allowed[] = {
  { "DATE_ADD", ON_DATE, DATE_UNITS },
  { "DATE_ADD", ON_DATETIME, DATE_UNITS | SUBDAY },
  { "DATE_ADD", ON_TIMESTAMP, SUBDAY | PART (DAY) },
  { "DATE_SUB", ON_DATE, DATE_UNITS },
  { "DATE_SUB", ON_DATETIME, DATE_UNITS | SUBDAY },
  { "DATE_SUB", ON_TIMESTAMP, SUBDAY | PART (DAY) },
  { "DATETIME_ADD", ON_ALL, DATE_UNITS | SUBDAY },
  { "DATETIME_SUB", ON_ALL, DATE_UNITS | SUBDAY },
  { "TIMESTAMP_ADD", ON_ALL, SUBDAY | PART (DAY) },
  { "TIMESTAMP_SUB", ON_ALL, SUBDAY | PART (DAY) },
  { "TIME_ADD", ON_ALL, SUBDAY },
  { "TIME_SUB", ON_ALL, SUBDAY },
  { "DATE_DIFF", ON_DATE, DATE_UNITS | ISO_UNITS },
  { "DATE_DIFF", ON_DATETIME, DATE_UNITS | ISO_UNITS | SUBDAY },
  { "DATE_DIFF", ON_TIMESTAMP, SUBDAY | PART (DAY) },
  { "DATETIME_DIFF", ON_ALL, DATE_UNITS | ISO_UNITS | SUBDAY },
  { "TIMESTAMP_DIFF", ON_ALL, SUBDAY | PART (DAY) },
  { "TIME_DIFF", ON_ALL, SUBDAY },
  { "DATE_TRUNC", ON_DATE, DATE_UNITS | ISO_UNITS },
  { "DATE_TRUNC", ON_DATETIME | ON_TIMESTAMP, DATE_UNITS | ISO_UNITS | SUBDAY },
  { "DATETIME_TRUNC", ON_ALL, DATE_UNITS | ISO_UNITS | SUBDAY },
  { "TIMESTAMP_TRUNC", ON_ALL, DATE_UNITS | ISO_UNITS | SUBDAY },
  { "TIME_TRUNC", ON_ALL, SUBDAY },
  { "LAST_DAY", ON_ALL, (DATE_UNITS & ~PART (DAY)) | ISO_UNITS },
  { "GENERATE_DATE_ARRAY", ON_ALL, DATE_UNITS },
  { "GENERATE_TIMESTAMP_ARRAY", ON_ALL, SUBDAY | PART (DAY) },
  { "$extract", ON_DATE, DATE_FIELDS },
  { "$extract", 1u << EROS_SQL_INTERVAL, SUBDAY | PART (DAY) | PART (MONTH) | PART (YEAR) },
  { "$interval", ON_ALL, DATE_UNITS | SUBDAY },
  { "$extract", ON_TIME, SUBDAY },
  { "$extract", ON_DATETIME, DATE_FIELDS | SUBDAY | PART (DATE) | PART (TIME) },
  { "$extract", ON_TIMESTAMP, DATE_FIELDS | SUBDAY | PART (DATE) | PART (TIME) | PART (DATETIME) },
};

static gboolean
is_allowed (const char *function, const ErosSqlType *type, ErosPart part)
{
  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    if (strcmp (allowed[i].function, function) == 0 &&
        (allowed[i].kinds & (1u << eros_sql_type_get_kind (type))) != 0)
      return (allowed[i].parts & (1u << part.kind)) != 0;
  return TRUE;
}

/**
 * eros_parts_check:
 * @function: a function's name
 * @type: the type of its first argument
 * @text: the part that it is called with
 * @error: return location for %EROS_SQL_ERROR_NO_SIGNATURE
 *
 * Returns: whether @text is a part, and one that the function takes
 */
gboolean
eros_parts_check (const char *function, const ErosSqlType *type, const char *text, GError **error)
{
  ErosPart part;

  /* NORMALIZE (s, NFC): a word, but no part of a date */
  if (g_str_has_prefix (function, "NORMALIZE"))
    {
      static const char *const modes[] = { "NFC", "NFKC", "NFD", "NFKD" };

      for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
        if (g_ascii_strcasecmp (text, modes[i]) == 0)
          return TRUE;
      g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_NO_SIGNATURE, "%s is not a valid normalization mode",
                   text);
      return FALSE;
    }
  if (!eros_part_parse (text, strlen (text), &part))
    g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_NO_SIGNATURE,
                 "A valid date part name is required but found %s", text);
  else if (is_allowed (function, type, part))
    return TRUE;
  else if (strcmp (function, "$extract") == 0)
    g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_NO_SIGNATURE,
                 "EXTRACT from %s does not support the %s date part", eros_sql_type_get_name (type),
                 eros_part_get_name (part));
  else if (strstr (function, "_ARRAY") != NULL || strcmp (function, "LAST_DAY") == 0)
    g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_NO_SIGNATURE, "%s does not support the %s date part",
                 function, eros_part_get_name (part));
  else
    g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_NO_SIGNATURE,
                 "%s does not support the %s date part when the argument is %s type", function,
                 eros_part_get_name (part), eros_sql_type_get_name (type));
  return FALSE;
}

/**
 * eros_parts_result:
 * @text: the part of an EXTRACT
 *
 * Returns: the type of what it extracts
 */
const ErosSqlType *
eros_parts_result (const char *text)
{
  if (g_ascii_strcasecmp (text, "DATE") == 0)
    return eros_sql_type (EROS_SQL_DATE);
  if (g_ascii_strcasecmp (text, "TIME") == 0)
    return eros_sql_type (EROS_SQL_TIME);
  return eros_sql_type (g_ascii_strcasecmp (text, "DATETIME") == 0 ? EROS_SQL_DATETIME : EROS_SQL_INT64);
}
