/* eros-report-sql.c: each text that was sent to BigQuery, once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-story.h"

#include <string.h>

/* "sql/phase1/10-score/verify.sql" → "sql-012-phase1-10-score-verify.sql": a name that any file system takes.
 */
static char *
make_file_name (const char *name, guint number)
{
  const char *start = g_str_has_prefix (name, "sql/") ? name + strlen ("sql/") : name;
  g_autofree char *plain = g_strndup (start, 60);
  char *suffix = g_strrstr (plain, ".sql");

  if (suffix != NULL && suffix[strlen (".sql")] == '\0')
    *suffix = '\0';
  g_strcanon (plain, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-", '-');
  return g_strdup_printf ("sql-%03u-%s.sql", number, plain);
}

static void
add_text (ErosReportStory *self, const char *text, const char *name, const char *general, gboolean is_general)
{
  ErosReportSql *sql;

  if (g_hash_table_contains (self->by_text, text))
    return;
  sql = g_new0 (ErosReportSql, 1);
  sql->name = g_strdup (name != NULL ? name : "query");
  sql->text = g_strdup (text);
  sql->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  sql->general = g_strdup (general);
  sql->is_general = is_general;
  g_ptr_array_add (self->sql, sql);
  g_hash_table_insert (self->by_text, sql->text, sql);
}

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                          : NULL;
}

static void
add_evidence (ErosReportStory *self, JsonNode *node)
{
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (item) ? json_node_get_object (item) : NULL;
      const char *text = object != NULL ? get_text (object, "sql") : NULL;
      const char *step = object != NULL ? get_text (object, "step") : NULL;

      if (text != NULL)
        add_text (self, text,
                  step != NULL && strchr (step, '/') != NULL ? step : get_text (object, "sql_source"),
                  get_text (object, "sql_sha256"), FALSE);
    }
}

/* Of a check its evidence; of a step the text before names were filled in, where it is on record. */
void
eros_report_story_add_sql (ErosReportStory *self, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);
  const char *text;

  if (g_str_equal (kind, EROS_EVENT_CHECK_FINISHED) || g_str_equal (kind, EROS_EVENT_FIELD_RECORDED))
    add_evidence (self, json_object_get_member (eros_event_get_body (event), EROS_MEMBER_EVIDENCE));
  if (!g_str_equal (kind, EROS_EVENT_STEP_STARTED))
    return;
  text = eros_event_get_string (event, EROS_MEMBER_SQL);
  if (text != NULL)
    add_text (self, text, eros_event_get_string (event, EROS_MEMBER_STEP),
              eros_event_get_string (event, EROS_MEMBER_SQL_SHA256), TRUE);
}

/* Whether what was sent of this text stands there, too: then that is enough. */
static gboolean
was_sent (ErosReportStory *self, const ErosReportSql *sql)
{
  for (guint i = 0; i < self->sql->len; i++)
    {
      const ErosReportSql *other = self->sql->pdata[i];

      if (!other->is_general && g_strcmp0 (other->general, sql->general) == 0)
        return TRUE;
    }
  return FALSE;
}

/* All have been added: each gets its number. */
void
eros_report_story_number_sql (ErosReportStory *self)
{
  for (guint i = self->sql->len; i > 0; i--)
    {
      const ErosReportSql *sql = self->sql->pdata[i - 1];

      if (!sql->is_general || !was_sent (self, sql))
        continue;
      g_hash_table_remove (self->by_text, sql->text);
      g_ptr_array_remove_index (self->sql, i - 1);
    }
  for (guint i = 0; i < self->sql->len; i++)
    {
      ErosReportSql *sql = self->sql->pdata[i];

      sql->number = i + 1;
      sql->file = make_file_name (sql->name, sql->number);
    }
}
