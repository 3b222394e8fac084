/* eros-contradiction-text.c: what speaks against a success, as a sentence
 *
 * On record are a code and what it is about; the sentence is made when it is shown, for whoever reads it
 * then.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"
#include "eros-text.h"
#include "eros-time-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* {time}, {element} …: what the members of that name are about */
static const struct
{
  const char *code;
  const char *sentence;
} sentences[] = {
  { "rolled-back", N_ ("It was rolled back at {time}.") },
  { "rollback-not-ended-well", N_ ("A rollback was begun that has not ended well ({time}).") },
  { "step-taken-back", N_ ("A step of the deployment was taken back ({time}).") },
  { "criterion-reached", N_ ("A criterion to roll back by is reached: {criterion}.") },
  { "not-begun", N_ ("“{element}” has not been begun.") },
  { "not-ended", N_ ("“{element}” has not ended.") },
  { "not-ended-well", N_ ("“{element}” has not ended well.") },
  { "computed", N_ ("What “{element}” follows from says otherwise: {found}.") },
  { "open", N_ ("“{element}” is open.") },
  { "fails", N_ ("The check of “{element}” fails ({found}).") },
  { "fails-by-decision",
    N_ ("The check of “{element}” fails ({found}); marked by decision of {name}: {reason}") },
  { "replaced",
    N_ ("“{field}” of “{element}” was measured as “{measured}”, and “{value}” was typed in its place "
        "by {name}.") },
  { "replaced-by-decision",
    N_ ("“{field}” of “{element}” was measured as “{measured}”, and “{value}” was typed in "
        "its place by decision of {name}: {reason}") },
  { "overridden", N_ ("“{gate}” was overridden by {name}: {reason}") },
  { "overridden-until",
    N_ ("“{gate}” was overridden by {name} ({reason}), and that was withdrawn after: {event}") },
  { "phase-open", N_ ("Of phase “{phase}” {done} of {total} are done.") },
};

static const char *
text_in (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
}

static gint64
number_in (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;
}

static char *
say_value (ErosDeployment *self, JsonObject *object, const char *member)
{
  ErosField *field = eros_runbook_find_field (self->runbook, text_in (object, "field"));
  const char *value = text_in (object, member);

  return field != NULL ? eros_field_format (field, value) : g_strdup (value);
}

static char *
say_event (ErosDeployment *self, gint64 sequence)
{
  GListModel *journal = G_LIST_MODEL (self->journal);
  g_autoptr (ErosEvent) event = sequence > 0 && sequence <= g_list_model_get_n_items (journal)
                                  ? g_list_model_get_item (journal, (guint) sequence - 1)
                                  : NULL;

  return event != NULL ? eros_deployment_describe_done (self, event) : g_strdup ("");
}

static char *
say_criterion (ErosDeployment *self, const char *id)
{
  for (guint i = 0; i < self->all_criteria->len; i++)
    {
      const ErosCriterion *criterion = self->all_criteria->pdata[i];

      if (g_str_equal (criterion->id, id))
        return g_strdup (criterion->text);
    }
  return g_strdup (id);
}

/* (transfer full): what stands for {NAME} */
static char *
say_part (ErosDeployment *self, JsonObject *object, const char *name)
{
  static const char *const things[] = { "element", "field", "gate", NULL };
  static const char *const values[] = { "measured", "value", NULL };
  static const char *const numbers[] = { "done", "total", NULL };
  ErosPhase *phase;

  if (g_strv_contains (things, name))
    return g_strdup (eros_deployment_label_thing (self, name, text_in (object, name)));
  if (g_strv_contains (values, name))
    return say_value (self, object, name);
  if (g_strv_contains (numbers, name))
    return g_strdup_printf ("%" G_GINT64_FORMAT, number_in (object, name));
  if (g_str_equal (name, "time"))
    return eros_time_text (number_in (object, name));
  if (g_str_equal (name, "criterion"))
    return say_criterion (self, text_in (object, name));
  if (g_str_equal (name, "event"))
    return say_event (self, number_in (object, name));
  if (!g_str_equal (name, "phase"))
    return g_strdup (text_in (object, name));
  phase = eros_runbook_find_phase (self->runbook, text_in (object, name));
  return g_strdup (phase != NULL ? eros_phase_get_short_title (phase) : text_in (object, name));
}

static char *
fill (ErosDeployment *self, JsonObject *object, const char *sentence)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *open;

  while ((open = strchr (sentence, '{')) != NULL && strchr (open, '}') != NULL)
    {
      const char *close = strchr (open, '}');
      g_autofree char *name = g_strndup (open + 1, close - open - 1);
      g_autofree char *part = say_part (self, object, name);

      g_string_append_len (text, sentence, open - sentence);
      g_string_append (text, part);
      sentence = close + 1;
    }
  g_string_append (text, sentence);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* (transfer full) (nullable): one; older records have the sentence itself */
static char *
say (ErosDeployment *self, JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (object == NULL)
    return json_node_get_value_type (node) == G_TYPE_STRING ? g_strdup (json_node_get_string (node)) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (sentences[i].code, text_in (object, "code")))
      return fill (self, object, _ (sentences[i].sentence));
  /* Of a newer program: better a word than nothing. */
  return g_strdup (text_in (object, "code"));
}

/* What people and servers wrote is in it, and breaks no line of a list. LIST: (nullable) */
GStrv
eros_deployment_say_contradictions (ErosDeployment *self, JsonArray *list)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      g_autofree char *sentence = say (self, json_array_get_element (list, i));
      g_autofree char *line = sentence != NULL ? eros_text_show_line (sentence) : NULL;

      if (line != NULL)
        g_strv_builder_add (builder, line);
    }
  return g_strv_builder_end (builder);
}
