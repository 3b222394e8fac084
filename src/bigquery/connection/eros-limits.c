/* eros-limits.c: what a connection's jobs may cost and take, as people write it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-limits.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <math.h>
#include <string.h>

#include "eros-connection.h"

#define LONGEST_S   86400
#define DEAREST     10000 /* US$ */
#define MOST_DIGITS 30

static const struct
{
  const char *name;
  int shift;
} units[] = { { N_ ("TiB"), 40 }, { N_ ("GiB"), 30 }, { N_ ("MiB"), 20 }, { N_ ("B"), 0 } };

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, message);
  return FALSE;
}

/* A number that is not negative, with the decimal point of the place or with a full stop; rest: what follows.
 */
static gboolean
read_number (const char *text, double *number, const char **rest)
{
  const char *radix = nl_langinfo (RADIXCHAR);
  gsize radix_length = strlen (radix);
  g_autoptr (GString) plain = g_string_new (NULL);
  gboolean fraction = FALSE;

  while (g_ascii_isspace (*text))
    text++;
  for (;; text++)
    {
      if (g_ascii_isdigit (*text))
        g_string_append_c (plain, *text);
      else if (!fraction && plain->len > 0 &&
               (*text == '.' || (radix_length > 0 && strncmp (text, radix, radix_length) == 0)))
        {
          if (*text != '.')
            text += radix_length - 1;
          g_string_append_c (plain, '.');
          fraction = TRUE;
        }
      else
        break;
    }
  /* A no-break space stands before a unit, too. */
  while (g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  *rest = text;
  *number = g_ascii_strtod (plain->str, NULL);
  return plain->len > 0 && plain->len <= MOST_DIGITS && !g_str_has_suffix (plain->str, ".");
}

static gboolean
parse_budget (const char *text, gint64 *value, GError **error)
{
  const char *rest;
  double number;

  if (!read_number (text, &number, &rest))
    return refuse (error, _ ("Write a size like 50 GiB or 1.5 TiB; 0 for no limit."));
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gboolean bare = *rest == '\0' && (number == 0 || g_str_equal (units[i].name, "GiB"));

      if (!bare && g_ascii_strcasecmp (rest, units[i].name) != 0 && !g_str_equal (rest, _ (units[i].name)))
        continue;
      number = ldexp (number, units[i].shift);
      if (number >= 9.2e18)
        return refuse (error, _ ("That is more than BigQuery can count. Write 0 for no limit."));
      if (number > 0 && number < 1)
        return refuse (error, _ ("Less than a byte is no limit. Write 0 for that."));
      *value = (gint64) number;
      return TRUE;
    }
  return refuse (error, _ ("Write the size in MiB, GiB or TiB: “50 GiB”."));
}

static gboolean
parse_timeout (const char *text, gint64 *value, GError **error)
{
  const char *rest;
  double seconds;

  if (!read_number (text, &seconds, &rest) || (*rest != '\0' && !g_str_equal (rest, "s")))
    return refuse (error, _ ("Write a number of seconds, such as 60."));
  if (seconds < 0.001 || seconds > LONGEST_S)
    return refuse (error, _ ("A job may take from 0.001 to 86400 seconds."));
  *value = llround (seconds * 1000);
  return TRUE;
}

static gboolean
parse_price (const char *text, gint64 *value, GError **error)
{
  const char *rest;
  double dollars;

  if (!read_number (text, &dollars, &rest) || *rest != '\0')
    return refuse (error, _ ("Write a price in US dollars, such as 6.25."));
  if (dollars > DEAREST)
    return refuse (error, _ ("A TiB may cost up to 10000 US dollars."));
  if (fabs (dollars * 100 - round (dollars * 100)) > 1e-6)
    return refuse (error, _ ("A price has whole cents: no more than two decimals."));
  *value = llround (dollars * 100);
  return TRUE;
}

static const struct
{
  const char *property;
  gboolean (*parse) (const char *text, gint64 *value, GError **error);
} limits[] = {
  { "budget-bytes", parse_budget },
  { "timeout-ms", parse_timeout },
  { "cents-per-tib", parse_price },
};

/**
 * eros_limits_parse:
 * @property: a property of #ErosConnection: “budget-bytes”, “timeout-ms” or “cents-per-tib”
 * @text: “50 GiB” (a bare number counts GiB), “60” (seconds), “6.25” (US dollars); nothing for the usual
 * @value: (out): what the property is set to
 * @error: return location for %G_IO_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether @text is one; the error says how it is written
 */
gboolean
eros_limits_parse (const char *property, const char *text, gint64 *value, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  if (*stripped == '\0')
    {
      g_autoptr (ErosConnection) usual = eros_connection_new ();

      g_object_get (usual, property, value, NULL);
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    if (g_str_equal (limits[i].property, property))
      return limits[i].parse (stripped, value, error);
  g_return_val_if_reached (FALSE);
}

/* With no more decimals than there are. */
static char *
format_number (double number, int decimals)
{
  char *text = g_strdup_printf ("%.*f", decimals, number);
  const char *radix = strstr (text, nl_langinfo (RADIXCHAR));

  while (radix != NULL && g_str_has_suffix (text, "0"))
    text[strlen (text) - 1] = '\0';
  if (radix != NULL && g_str_has_suffix (text, nl_langinfo (RADIXCHAR)))
    text[radix - text] = '\0';
  return text;
}

char *
eros_limits_format (const char *property, gint64 value)
{
  if (g_str_equal (property, "timeout-ms"))
    return format_number (value / 1000.0, 3);
  if (g_str_equal (property, "cents-per-tib"))
    return g_strdup_printf ("%.2f", value / 100.0);
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (value > 0 && value >= G_GINT64_CONSTANT (1) << units[i].shift)
      {
        g_autofree char *number = format_number (ldexp (value, -units[i].shift), 3);

        return g_strconcat (number, " ", _ (units[i].name), NULL);
      }
  return g_strdup ("");
}
