/* eros-catalogue-private.h: signatures taken apart
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-native-private.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_PATTERN_TYPE,     /* exactly this type (or what coerces to it) */
  EROS_PATTERN_TEMPLATE, /* T, U: the same type everywhere */
  EROS_PATTERN_ARRAY,    /* ARRAY<T> */
  EROS_PATTERN_ANY,      /* any type, each argument its own */
  EROS_PATTERN_TEXTUAL,  /* any type that casts to STRING, BYTES apart */
  EROS_PATTERN_PART,     /* DAY */
  EROS_PATTERN_COUNTS,   /* ARRAY<STRUCT<value T, count INT64>>, a result only */
  EROS_PATTERN_INTERVAL, /* INTERVAL n DAY */
} ErosPatternKind;

typedef enum
{
  EROS_PATTERN_ORDERABLE = 1 << 0,
  EROS_PATTERN_GROUPABLE = 1 << 1,
  EROS_PATTERN_COMPARABLE = 1 << 2,
  EROS_PATTERN_ELEMENT = 1 << 4, /* no ARRAY */
  EROS_PATTERN_SCALAR = 1 << 3,  /* no ARRAY and no STRUCT */
} ErosPatternConstraint;

#define EROS_MAX_TEMPLATES 2

typedef struct
{
  ErosPatternKind    kind;
  const ErosSqlType *type;
  guint template; /* 0: T, 1: U */
  guint constraints;
} ErosPattern;

typedef struct
{
  ErosPattern pattern;
  gboolean    optional;
  gboolean    repeated;
  char       *name; /* of an argument that may be given by name */
} ErosParameter;

struct _ErosSignature
{
  const ErosNative *native;
  GArray           *parameters; /* ErosParameter */
  ErosPattern       result;
};

struct _ErosFunction
{
  const char      *name;
  ErosFunctionKind kind;
  GPtrArray       *signatures;
};

gboolean           eros_parts_check (const char *function, const ErosSqlType *type, const char *text, GError **error);
const ErosSqlType *eros_parts_result (const char *text);

G_END_DECLS
