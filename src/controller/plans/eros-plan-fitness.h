/* eros-plan-fitness.h: whether a snapshot can hold a table, and a transaction bring it back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "eros-plan-parts.h"

G_BEGIN_DECLS

/* TABLE as tables.get describes it. remark: (out) (nullable) (transfer full): what to know of it all the same. Returns:
 * whether a snapshot holds all of its rows */
gboolean eros_fitness_judge_table (JsonObject *table, char **remark, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What one transaction can change, and what has no snapshot. fine_grained: names of tables; most: of one table */
gboolean eros_fitness_judge_all (gint64 n_partitions, gint64 most, const char *fine_grained, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Of a table with row access policies: how many rows were counted, and how many it has (numbers, nullable). */
gboolean eros_fitness_judge_rows (const char *table, const char *seen, const char *all, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Steps "fit/TABLE" and "fit", and in the next group "texts/TABLE", before a backup makes anything. */
gboolean eros_plan_add_fitness (ErosWork *work, guint group, const char *const *tables, GError **error);
/* An ErosWorkAnswered for a comparison that counts a table's rows as "n_rows": whether all of them are seen. */
gboolean eros_plan_sees_all_rows (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error);

G_END_DECLS
