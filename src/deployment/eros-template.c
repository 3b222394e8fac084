/* eros-template.c: values that come from elsewhere: sources of fields, and placeholders of messages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"
#include "eros-time-text.h"
#include "eros-timeline.h"

#include <string.h>
#include <glib/gi18n-lib.h>

static char *
format_utc (const char *timestamp, const char *format)
{
  g_autoptr (GDateTime) time = *timestamp != '\0' ? g_date_time_new_from_iso8601 (timestamp, NULL) : NULL;

  return time != NULL ? eros_time_format (g_date_time_to_unix (time) * G_USEC_PER_SEC, format) : NULL;
}

/* docs/runbook.md, “Sources”. */
static char *
resolve_detail (const ErosDeploymentSetup *setup, const char *name)
{
  static const char *const environments[] = { N_ ("rehearsal"), N_ ("staging"), N_ ("production") };
  const struct
  {
    const char *name;
    const char *value;
  } texts[] = {
    { "name", setup->name },
    { "environment", _ (environments[setup->environment]) },
    { "project", setup->project },
    { "dataset", setup->dataset },
    { "location", setup->location },
    { "bucket", setup->bucket },
    { "lead-name", setup->lead_name },
    { "lead-email", setup->lead_email },
    { "lead-phone", setup->lead_phone },
    { "window-start", setup->window_start },
    { "window-end", setup->window_end },
  };

  if (g_str_equal (name, "date"))
    return format_utc (setup->window_start, EROS_TIME_DAY);
  if (g_str_equal (name, "start-time"))
    return format_utc (setup->window_start, "%H:%M UTC");
  if (g_str_equal (name, "end-time"))
    return format_utc (setup->window_end, "%H:%M UTC");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].name, name))
      return g_strdup (texts[i].value);
  return NULL;
}

static char *
resolve_field (ErosDeployment *self, const char *id)
{
  ErosField *field = eros_runbook_find_field (self->runbook, id);
  const char *value = eros_deployment_get_value (self, id);

  return field != NULL && *value != '\0' ? eros_field_format (field, value) : NULL;
}

/* The newest event of this kind about the operation. (transfer full) (nullable) */
static ErosEvent *
find_event (ErosDeployment *self, const char *kind, const char *operation)
{
  GListModel *journal = G_LIST_MODEL (self->journal);

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (g_str_equal (eros_event_get_kind (event), kind) &&
          eros_event_says (event, EROS_MEMBER_OPERATION, operation) &&
          (!g_str_equal (kind, EROS_EVENT_OPERATION_ENDED) || eros_event_has_passed (event)))
        return g_steal_pointer (&event);
    }
  return NULL;
}

gint64
eros_deployment_get_operation_end (ErosDeployment *self, const char *operation)
{
  g_autoptr (ErosEvent) ended = eros_operation_kind_of (operation) == EROS_OPERATION_KIND_ROLLBACK
                                  ? (self->rollback != NULL ? g_object_ref (self->rollback) : NULL)
                                  : find_event (self, EROS_EVENT_OPERATION_ENDED, operation);

  return ended != NULL ? eros_event_get_time (ended) : 0;
}

/* NAME.ARGUMENT */
static char *
resolve_argument (ErosDeployment *self, const char *source)
{
  const char *argument = strchr (source, '.') + 1;
  g_autofree char *operation = g_strndup (source, argument - 1 - source);
  g_autoptr (ErosEvent) started = find_event (self, EROS_EVENT_OPERATION_STARTED, operation);
  JsonNode *node =
    started != NULL ? json_object_get_member (eros_event_get_body (started), EROS_MEMBER_ARGUMENTS) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
      !json_object_has_member (json_node_get_object (node), argument))
    return NULL;
  return g_strdup (json_object_get_string_member (json_node_get_object (node), argument));
}

static char *
resolve_now (ErosDeployment *self, const char *name)
{
  gint64 time = self->as_of != 0 ? self->as_of : eros_timeline_get_now (self);

  if (g_str_equal (name, "date"))
    return eros_time_format (time, EROS_TIME_DAY);
  if (g_str_equal (name, "time"))
    return eros_time_format (time, "%H:%M UTC");
  if (g_str_equal (name, "timestamp"))
    return eros_time_format (time, EROS_TIME_MINUTES " UTC");
  return NULL;
}

static char *
eros_deployment_resolve (ErosDeployment *self, const char *source)
{
  if (g_str_has_prefix (source, "detail:"))
    return resolve_detail (self->setup, source + strlen ("detail:"));
  if (g_str_has_prefix (source, "field:"))
    return resolve_field (self, source + strlen ("field:"));
  if (g_str_has_prefix (source, "operation:"))
    return resolve_argument (self, source + strlen ("operation:"));
  if (g_str_has_prefix (source, "now:"))
    return resolve_now (self, source + strlen ("now:"));
  return NULL;
}

/* (transfer full) (nullable): when the box that the field stands at was ticked */
static char *
resolve_ticked (ErosDeployment *self, ErosField *field)
{
  ErosItem *owner = g_hash_table_lookup (self->owners, eros_field_get_id (field));
  gint64 time =
    owner != NULL && eros_item_get_mark (owner) == EROS_ITEM_TICKED ? eros_item_get_time (owner) : 0;

  return eros_time_iso (time);
}

void
eros_deployment_update_sourced (ErosDeployment *self, ErosField *field)
{
  const char *source = eros_field_get_source (field);
  g_autofree char *text = NULL;
  char *value;

  /* A field that showed the present moment would never show the same twice. */
  if (source == NULL || g_str_has_prefix (source, "now:"))
    return;
  if (g_str_has_prefix (source, "field:"))
    text = g_strdup (eros_deployment_get_value (self, source + strlen ("field:")));
  else if (g_str_equal (source, "ticked"))
    text = resolve_ticked (self, field);
  else
    text = eros_deployment_resolve (self, source);

  /* What the field would refuse from a person, it does not show either. */
  value = text != NULL ? eros_field_normalize (field, text, NULL) : NULL;
  if (value != NULL)
    g_hash_table_insert (self->sourced, (gpointer) eros_field_get_id (field), value);
  else
    g_hash_table_remove (self->sourced, eros_field_get_id (field));
}

void
eros_deployment_update_all_sourced (ErosDeployment *self)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->fields);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      eros_deployment_update_sourced (self, eros_runbook_find_field (self->runbook, id));
      eros_deployment_emit_field_changed (self, id);
    }
}

static const ErosPlaceholder *
find_placeholder (const ErosPlaceholder *placeholders, guint n, const char *name, gsize length)
{
  for (guint i = 0; i < n; i++)
    if (strlen (placeholders[i].name) == length && memcmp (placeholders[i].name, name, length) == 0)
      return &placeholders[i];
  return NULL;
}

/* In one pass, so that a value with brackets in it is not taken for a placeholder. */
static char *
fill_text (ErosDeployment *self, ErosElement *element, const char *text, GPtrArray *unfilled)
{
  GString *filled = g_string_new (NULL);
  const ErosPlaceholder *placeholders;
  guint n = 0;

  placeholders = eros_element_get_placeholders (element, &n);
  for (const char *at = text; *at != '\0'; at++)
    {
      const char *end = *at == '[' ? strchr (at, ']') : NULL;
      const ErosPlaceholder *placeholder =
        end != NULL ? find_placeholder (placeholders, n, at + 1, end - at - 1) : NULL;
      g_autofree char *value = NULL;

      if (placeholder != NULL && placeholder->source != NULL)
        value = eros_deployment_resolve (self, placeholder->source);
      if (value != NULL && *value != '\0')
        {
          g_string_append (filled, value);
          at = end;
          continue;
        }
      if (placeholder != NULL &&
          !g_ptr_array_find_with_equal_func (unfilled, placeholder->name, g_str_equal, NULL))
        g_ptr_array_add (unfilled, g_strdup (placeholder->name));
      g_string_append_c (filled, *at);
    }
  return g_string_free (filled, FALSE);
}

/**
 * eros_deployment_fill_template:
 * @self: a deployment
 * @element_id: a message template
 * @subject: (out) (optional) (nullable): its subject line, filled in; %NULL
 *   when it has none
 * @unfilled: (out) (optional): names of the placeholders that nothing is known
 *   for; they stand in the text as before, in brackets
 *
 * Returns: (nullable) (transfer full): the message with everything filled in
 *   that is known; %NULL when @element_id is not a template
 */
char *
eros_deployment_fill_template (ErosDeployment *self, const char *element_id, char **subject, GStrv *unfilled)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  ErosElement *element;
  const char *subject_text;
  g_autofree char *filled_subject = NULL;
  char *text;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  g_return_val_if_fail (element_id != NULL, NULL);

  element = eros_runbook_find_element (self->runbook, element_id);
  if (element == NULL || eros_element_get_kind (element) != EROS_ELEMENT_TEMPLATE)
    return NULL;

  subject_text = eros_element_get_subject (element);
  if (subject_text != NULL)
    filled_subject = fill_text (self, element, subject_text, names);
  text = fill_text (self, element, eros_element_get_text (element), names);

  if (subject != NULL)
    *subject = g_steal_pointer (&filled_subject);
  g_ptr_array_add (names, NULL);
  if (unfilled != NULL)
    *unfilled = (GStrv) g_ptr_array_free (g_steal_pointer (&names), FALSE);
  return text;
}

/* ---- sending ------------------------------------------------------------------------------------------- */

static void
add_address (GPtrArray *list, const char *address)
{
  if (address != NULL && *address != '\0' &&
      !g_ptr_array_find_with_equal_func (list, address, g_str_equal, NULL))
    g_ptr_array_add (list, g_strdup (address));
}

static void
add_addresses (ErosDeployment *self, GListModel *fields, GPtrArray *list)
{
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);

      if (eros_field_get_field_type (field) == EROS_FIELD_EMAIL)
        add_address (list, eros_deployment_get_value (self, eros_field_get_id (field)));
    }
}

/**
 * eros_deployment_fill_subject:
 * @self: a deployment
 * @element_id: a message template
 *
 * Returns: (nullable) (transfer full): its subject line as it was at the last event: the same whenever it is
 *   asked for, as a report has to be
 */
char *
eros_deployment_fill_subject (ErosDeployment *self, const char *element_id)
{
  GListModel *journal = G_LIST_MODEL (self->journal);
  g_autoptr (ErosEvent) last = g_list_model_get_item (journal, g_list_model_get_n_items (journal) - 1);
  char *subject = NULL;

  self->as_of = eros_event_get_time (last);
  g_free (eros_deployment_fill_template (self, element_id, &subject, NULL));
  self->as_of = 0;
  return subject;
}

char **
eros_deployment_list_addresses (ErosDeployment *self)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  GListModel *sections = eros_runbook_get_appendix (self->runbook);

  add_address (list, self->setup->lead_email);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);

          add_addresses (self, eros_element_get_fields (element), list);
        }
    }
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_steal (list, NULL);
}

static gboolean
set_field (ErosDeployment *self, const char *field, const char *value, GError **error)
{
  return field == NULL || eros_deployment_set_value (self, field, value, error);
}

/* The runbook may have fields for that as well. */
gboolean
eros_deployment_record_message (ErosDeployment *self,
                                const char *element_id,
                                const char *recipients,
                                const char *subject,
                                GError **error)
{
  g_autofree char *to = eros_deployment_tidy (recipients);
  g_autofree char *now = eros_time_iso (eros_timeline_get_now (self));
  ErosElement *element = eros_runbook_find_element (self->runbook, element_id);

  if (element == NULL || eros_element_get_kind (element) != EROS_ELEMENT_TEMPLATE)
    return eros_deployment_refuse (error, _ ("The runbook has no message “%s”."), element_id);
  if (*to == '\0')
    return eros_deployment_refuse_value (error, _ ("Say to whom it was sent: the report shows it."));
  if (!eros_deployment_check_text (to, error))
    return FALSE;
  return eros_deployment_act (self, EROS_EVENT_MESSAGE_SENT,
                              eros_deployment_body_new (EROS_MEMBER_ELEMENT, element_id, EROS_MEMBER_TEXT, to,
                                                        EROS_MEMBER_SUBJECT, subject != NULL ? subject : "",
                                                        NULL),
                              error) &&
         set_field (self, eros_element_get_sent_at (element), now, error) &&
         set_field (self, eros_element_get_sent_to (element), to, error);
}

ErosEvent *
eros_deployment_find_message (ErosDeployment *self, const char *element_id)
{
  g_autofree char *key = g_strconcat ("element:", element_id, NULL);
  GPtrArray *history = g_hash_table_lookup (self->histories, key);

  for (guint i = history != NULL ? history->len : 0; i > 0; i--)
    if (eros_event_is (history->pdata[i - 1], EROS_EVENT_MESSAGE_SENT))
      return history->pdata[i - 1];
  return NULL;
}
