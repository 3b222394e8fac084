/* eros-name-rules.h: what the names of Google Cloud's things may be, said once for every room
 *
 * None of them lets a quote, a back-quote, a backslash or a line break through, so that a valid one is safe between
 * back-quotes and inside a string literal alike.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* A project of a Google Workspace domain has the domain before it: “example.com:team”; such ids are older than the
 * rules for new ones. https://cloud.google.com/resource-manager/docs/creating-managing-projects */
#define EROS_PROJECT_PATTERN                                                                                           \
  "^(?:[a-z][a-z0-9-]{4,28}[a-z0-9]"                                                                                   \
  "|[a-z0-9][a-z0-9-]{0,62}(?:\\.[a-z0-9][a-z0-9-]{0,62}){1,8}:[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?)\\z"
/* https://cloud.google.com/bigquery/docs/datasets#dataset-naming */
#define EROS_DATASET_PATTERN "^[A-Za-z0-9_]{1,1024}\\z"
/* https://cloud.google.com/bigquery/docs/tables#table_naming */
#define EROS_TABLE_PATTERN    "^[\\p{L}\\p{M}\\p{N}\\p{Pc}\\p{Pd}\\p{Zs}]{1,1024}\\z"
#define EROS_LOCATION_PATTERN "^[A-Za-z][A-Za-z0-9-]{0,63}\\z"
/* https://cloud.google.com/storage/docs/buckets#naming */
#define EROS_BUCKET_PATTERN "^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]\\z"

static inline gboolean
eros_name_is (const char *text, const char *pattern)
{
  return text != NULL && g_regex_match_simple (pattern, text, G_REGEX_DOLLAR_ENDONLY, 0);
}
