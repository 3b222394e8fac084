/* eros-native-private.h: what the files with native functions share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-function.h"

#include <eros-civil.h>
#include <eros-numeric.h>
#include <math.h>
#include <string.h>

G_BEGIN_DECLS

typedef struct _ErosNative ErosNative;

/* In an aggregate's state, which SQLite aligns to 8 bytes only. */
typedef long double ErosLongReal __attribute__ ((aligned (8)));

typedef void (*ErosScalarFunc) (sqlite3_context *context, int n, sqlite3_value **values);

/* An aggregate. The state begins as zeros. @inverse is NULL where a window cannot shrink (then the values of the
 * frame are kept and added again). @result must leave the state as it is; @clear frees what it holds. */
typedef struct
{
  gsize state_size;
  void (*step) (sqlite3_context *context, gpointer state, int n, sqlite3_value **values);
  void (*inverse) (sqlite3_context *context, gpointer state, int n, sqlite3_value **values);
  void (*result) (sqlite3_context *context, gpointer state);
  void (*clear) (gpointer state);
} ErosAggregate;

/* One overload: a line in the catalogue, and what is registered for it. */
struct _ErosNative
{
  const char          *name;      /* GoogleSQL's, upper case; NULL: only SQL that is generated calls it */
  const char          *signature; /* "(STRING, [INT64]) -> STRING" */
  const char          *native;    /* "bq_…", a function of SQLite's own, or a template "(?1 + ?2)" */
  guint                flags;     /* ErosFunctionFlags */
  ErosScalarFunc       scalar;
  const ErosAggregate *aggregate;
};

/* Each file's list, ended by a line without native. */
extern const ErosNative eros_native_aggregates[];
extern const ErosNative eros_native_approximate[];
extern const ErosNative eros_native_array[];
extern const ErosNative eros_native_bytes[];
extern const ErosNative eros_native_cast[];
extern const ErosNative eros_native_collecting[];
extern const ErosNative eros_native_conditional[];
extern const ErosNative eros_native_date[];
extern const ErosNative eros_native_format[];
extern const ErosNative eros_native_formula[];
extern const ErosNative eros_native_hash[];
extern const ErosNative eros_native_interval[];
extern const ErosNative eros_native_json_value[];
extern const ErosNative eros_native_json[];
extern const ErosNative eros_native_math[];
extern const ErosNative eros_native_misc[];
extern const ErosNative eros_native_navigation[];
extern const ErosNative eros_native_net[];
extern const ErosNative eros_native_numeric[];
extern const ErosNative eros_native_operators[];
extern const ErosNative eros_native_regexp[];
extern const ErosNative eros_native_similar[];
extern const ErosNative eros_native_statistics[];
extern const ErosNative eros_native_string[];
extern const ErosNative eros_native_text[];
extern const ErosNative eros_native_time_text[];
extern const ErosNative eros_native_timestamp[];
extern const ErosNative eros_native_json_edit[];
extern const ErosNative eros_native_range[];
extern const ErosNative eros_native_sketch[];
#ifdef EROS_HAVE_S2
extern const ErosNative eros_native_geography[];
extern const ErosNative eros_native_geography_binary[];
extern const ErosNative eros_native_geography_text[];
  #define EROS_GEOGRAPHY_LISTS , eros_native_geography, eros_native_geography_binary, eros_native_geography_text
#else
  #define EROS_GEOGRAPHY_LISTS
#endif
extern const ErosNative *const eros_native_lists[];

#define EROS_NATIVE_LISTS                                                                                              \
  eros_native_aggregates, eros_native_approximate, eros_native_array, eros_native_bytes, eros_native_cast,             \
    eros_native_collecting, eros_native_conditional, eros_native_date, eros_native_format, eros_native_formula,        \
    eros_native_hash, eros_native_interval, eros_native_json_value, eros_native_json, eros_native_math,                \
    eros_native_misc, eros_native_navigation, eros_native_net, eros_native_numeric, eros_native_operators,             \
    eros_native_regexp, eros_native_similar, eros_native_statistics, eros_native_string, eros_native_text,             \
    eros_native_time_text, eros_native_timestamp, eros_native_json_edit, eros_native_range,                            \
    eros_native_sketch EROS_GEOGRAPHY_LISTS

#define NULLS_STRICT EROS_FUNCTION_STRICT
#define CAN_FAIL     EROS_FUNCTION_CAN_FAIL
#define STRICT_FAIL  (EROS_FUNCTION_STRICT | EROS_FUNCTION_CAN_FAIL)

/* Ends the function: with an error, or with NULL where the call is a SAFE. one. */
void                 eros_native_fail (sqlite3_context *context, const char *format, ...) G_GNUC_PRINTF (2, 3);
void                 eros_native_fail_error (sqlite3_context *context, const GError *error);
gboolean             eros_native_is_safe (sqlite3_context *context);
ErosFunctionContext *eros_native_get_world (sqlite3_context *context);
const ErosZone      *eros_native_get_default_zone (sqlite3_context *context);

/* RAND (): in [0, 1) */
double eros_native_next_rand (void);

/* Arguments */
static inline gboolean
eros_arg_is_null (sqlite3_value *value)
{
  return sqlite3_value_type (value) == SQLITE_NULL;
}

static inline double
eros_arg_real (sqlite3_value *value)
{
  return sqlite3_value_type (value) == SQLITE_BLOB ? (double) NAN : sqlite3_value_double (value);
}

/* STRING and JSON as UTF-8, BYTES and all else as they are. Not NULL even when empty. */
static inline const char *
eros_arg_data (sqlite3_value *value, gsize *size)
{
  const char *data =
    sqlite3_value_type (value) == SQLITE_TEXT ? (const char *) sqlite3_value_text (value) : sqlite3_value_blob (value);

  *size = (gsize) sqlite3_value_bytes (value);
  return data != NULL ? data : "";
}

gboolean           eros_arg_numeric (sqlite3_value *value, ErosSqlKind kind, ErosWide *number);
const ErosSqlType *eros_arg_type (sqlite3_context *context, sqlite3_value **values, int index);
const ErosZone    *eros_arg_zone (sqlite3_context *context, int n, sqlite3_value **values, int index);

int eros_compare_args (sqlite3_value *a, sqlite3_value *b);

/* Results */
static inline void
eros_result_real (sqlite3_context *context, double real)
{
  if (isnan (real))
    sqlite3_result_blob (context, "N", 1, SQLITE_STATIC);
  else
    sqlite3_result_double (context, real);
}

static inline void
eros_result_text (sqlite3_context *context, const char *data, gsize size)
{
  sqlite3_result_text64 (context, data, size, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline void
eros_result_blob (sqlite3_context *context, const char *data, gsize size)
{
  sqlite3_result_blob64 (context, data, size, SQLITE_TRANSIENT);
}

void eros_result_take_text (sqlite3_context *context, GString *text);
void eros_result_take_blob (sqlite3_context *context, GString *bytes);
void eros_result_builder (sqlite3_context *context, ErosSqlBuilder *builder);
void eros_result_element (sqlite3_context *context, const ErosSqlElement *element);
void eros_result_numeric (sqlite3_context *context, ErosSqlKind kind, const ErosWide *number);
void eros_result_value (sqlite3_context *context, const ErosSqlValue *value);
void eros_append_json (const ErosSqlValue *value, gboolean stringify, GString *out);
void eros_builder_add_arg (ErosSqlBuilder *builder, sqlite3_value *value);

G_END_DECLS
