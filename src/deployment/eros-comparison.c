/* eros-comparison.c: what the last comparison has measured, before and after, and what that shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-comparison.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-journal.h"
#include "eros-time-text.h"

static const char *const verdicts[] = {
  [EROS_VERDICT_UNKNOWN] = "not-enough-data",
  [EROS_VERDICT_BETTER] = "better",
  [EROS_VERDICT_WORSE] = "worse",
  [EROS_VERDICT_EQUIVALENT] = "equivalent",
};

#define METRICS "metrics" /* their names, in their order */

void
eros_comparison_free (ErosComparison *self)
{
  g_free (self->metric);
  g_free (self->name);
  g_free (self->unit);
  g_free (self);
}

/* ---- on record ----------------------------------------------------------------------------------------- */

static void
put (GHashTable *values, const char *metric, const char *name, const char *text)
{
  g_hash_table_insert (values, g_strconcat (metric, ".", name, NULL), g_strdup (text));
}

static char *
number_text (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.6g", value));
}

static void
put_number (GHashTable *values, const char *metric, const char *name, double value)
{
  g_autofree char *text = number_text (value);

  if (!isnan (value))
    put (values, metric, name, text);
}

static void
put_side (GHashTable *values, const char *metric, const char *name, const ErosComparedSide *side)
{
  const struct
  {
    const char *part;
    double value;
  } parts[] = { { "", side->value },
                { "_spread", side->spread },
                { "_n", side->n },
                { "_failed", side->failed },
                { "_optimized", side->optimized } };
  g_autofree char *begun = eros_time_iso (side->begun);
  g_autofree char *ended = eros_time_iso (side->ended);
  g_autofree char *begun_name = g_strconcat (name, "_begun", NULL);
  g_autofree char *ended_name = g_strconcat (name, "_ended", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *full = g_strconcat (name, parts[i].part, NULL);

      put_number (values, metric, full, parts[i].value);
    }
  if (begun != NULL && ended != NULL)
    {
      put (values, metric, begun_name, begun);
      put (values, metric, ended_name, ended);
    }
}

void
eros_comparison_store (const ErosComparison *self, GHashTable *values)
{
  const char *others = g_hash_table_lookup (values, METRICS);

  g_hash_table_insert (values, g_strdup (METRICS),
                       others != NULL ? g_strconcat (others, " ", self->metric, NULL)
                                      : g_strdup (self->metric));
  put (values, self->metric, "name", self->name);
  put (values, self->metric, "unit", self->unit);
  put (values, self->metric, "of", self->is_of_runs ? "runs" : "hours");
  put (values, self->metric, "verdict", verdicts[self->verdict]);
  put_number (values, self->metric, "p", self->p);
  put_side (values, self->metric, "before", &self->before);
  put_side (values, self->metric, "after", &self->after);
}

static const char *
get (JsonObject *values, const char *metric, const char *name, const char *part)
{
  g_autofree char *member = g_strconcat (metric, ".", name, part, NULL);

  return json_object_get_string_member_with_default (values, member, "");
}

static double
get_number (JsonObject *values, const char *metric, const char *name, const char *part)
{
  const char *text = get (values, metric, name, part);

  return *text != '\0' ? g_ascii_strtod (text, NULL) : NAN;
}

static guint
get_count (JsonObject *values, const char *metric, const char *name, const char *part)
{
  return (guint) g_ascii_strtoull (get (values, metric, name, part), NULL, 10);
}

static gint64
get_time (JsonObject *values, const char *metric, const char *name, const char *part)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (get (values, metric, name, part), NULL);

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

static ErosComparedSide
get_side (JsonObject *values, const char *metric, const char *name)
{
  return (ErosComparedSide){ .value = get_number (values, metric, name, ""),
                             .spread = get_number (values, metric, name, "_spread"),
                             .n = get_count (values, metric, name, "_n"),
                             .failed = get_count (values, metric, name, "_failed"),
                             .begun = get_time (values, metric, name, "_begun"),
                             .ended = get_time (values, metric, name, "_ended"),
                             .optimized = get_count (values, metric, name, "_optimized") };
}

static ErosComparison *
read_one (JsonObject *values, const char *metric)
{
  ErosComparison *self = g_new0 (ErosComparison, 1);
  const char *verdict = get (values, metric, "verdict", "");

  self->metric = g_strdup (metric);
  self->name = g_strdup (get (values, metric, "name", ""));
  self->unit = g_strdup (get (values, metric, "unit", ""));
  self->is_of_runs = g_str_equal (get (values, metric, "of", ""), "runs");
  self->before = get_side (values, metric, "before");
  self->after = get_side (values, metric, "after");
  self->p = get_number (values, metric, "p", "");
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_str_equal (verdict, verdicts[i]))
      self->verdict = i;
  return self;
}

/* What the event says, when it is the end of a comparison. (nullable) (transfer none) */
static JsonObject *
get_values (ErosEvent *event)
{
  JsonNode *values;

  if (!eros_event_is (event, EROS_EVENT_STEP_ENDED) || !eros_event_says (event, EROS_MEMBER_STEP, "verdict"))
    return NULL;
  values = json_object_get_member (eros_event_get_body (event), EROS_MEMBER_VALUES);
  return values != NULL && JSON_NODE_HOLDS_OBJECT (values) ? json_node_get_object (values) : NULL;
}

/**
 * eros_comparison_list:
 * @events: (element-type ErosEvent): a record, in its order
 *
 * Returns: (transfer full) (element-type ErosComparison): what the last comparison in it has measured; empty
 * when there was none
 */
GPtrArray *
eros_comparison_list (GListModel *events)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_comparison_free);

  for (guint i = g_list_model_get_n_items (events); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (events, i - 1);
      JsonObject *values = get_values (event);
      g_auto (GStrv) metrics = NULL;

      if (values == NULL)
        continue;
      metrics = g_strsplit (json_object_get_string_member_with_default (values, METRICS, ""), " ", -1);
      for (guint k = 0; metrics[k] != NULL; k++)
        if (*metrics[k] != '\0')
          g_ptr_array_add (list, read_one (values, metrics[k]));
      break;
    }
  return list;
}

const ErosComparison *
eros_comparison_find (GPtrArray *list, const char *id)
{
  const char *dot = strrchr (id, '.');

  for (guint i = 0; i < list->len; i++)
    {
      const ErosComparison *self = g_ptr_array_index (list, i);

      if (g_str_equal (self->metric, dot != NULL ? dot + 1 : id))
        return self;
    }
  return NULL;
}

gboolean
eros_comparison_is_about (const ErosComparison *self, const char *before, const char *after)
{
  const char *texts[] = { before, after };
  const double values[] = { self->before.value, self->after.value };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gboolean is_blank = texts[i] == NULL || *texts[i] == '\0';

      /* Where nothing was measured there may be a number from another time, of which nothing is said here. */
      if (is_blank != isnan (values[i]) ||
          (!is_blank && fabs (g_ascii_strtod (texts[i], NULL) - values[i]) > 1e-4 * fabs (values[i])))
        return FALSE;
    }
  return TRUE;
}

/* ---- for people ---------------------------------------------------------------------------------------- */

static char *
with_unit (double value, const char *unit)
{
  g_autofree char *number = g_strdup_printf ("%.4g", value);

  if (*unit == '\0')
    return g_steal_pointer (&number);
  if (g_str_equal (unit, "$"))
    return g_strconcat ("US$ ", number, NULL);
  return g_strconcat (number, " ", unit, NULL);
}

char *
eros_comparison_describe_value (const ErosComparison *self, const ErosComparedSide *side)
{
  g_autofree char *value = NULL;

  if (isnan (side->value))
    return g_strdup (_ ("not measured"));
  value = with_unit (side->value, self->unit);
  return isnan (side->spread) ? g_steal_pointer (&value) : g_strdup_printf ("%s ± %.3g", value, side->spread);
}

static char *
describe_count (const ErosComparison *self, guint n)
{
  return g_strdup_printf (
    self->is_of_runs ? ngettext ("%u run", "%u runs", n) : ngettext ("%u hour", "%u hours", n), n);
}

char *
eros_comparison_describe_span (const ErosComparison *self, const ErosComparedSide *side)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *begun = eros_time_text (side->begun);
  g_autofree char *ended = eros_time_text (side->ended);

  g_ptr_array_add (parts, describe_count (self, side->n));
  if (*begun != '\0' && *ended != '\0')
    /* Translators: two times */
    g_ptr_array_add (parts, g_strdup_printf (_ ("%s to %s"), begun, ended));
  if (side->failed > 0)
    g_ptr_array_add (
      parts, g_strdup_printf (ngettext ("%u that failed left out", "%u that failed left out", side->failed),
                              side->failed));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}

static char *
describe_unknown (const ErosComparison *self)
{
  const ErosComparedSide *fewer = self->before.n < self->after.n ? &self->before : &self->after;
  g_autofree char *n = describe_count (self, fewer->n);

  if (fewer->n < EROS_COMPARISON_FEWEST)
    /* Translators: %1$s: “3 hours” or “2 runs”, %2$s: “before” or “after” */
    return g_strdup_printf (_ ("not enough data to say: %1$s %2$s, and at least %3$u are needed"), n,
                            fewer == &self->before ? _ ("before") : _ ("after"), EROS_COMPARISON_FEWEST);
  if (isnan (self->before.value) || isnan (self->after.value))
    return g_strdup (_ ("not enough data to say: the span is too short for the number"));
  return g_strdup (_ ("not enough data to say: what differs is within the noise"));
}

/* (transfer full): "−11.2 %"; empty where there is nothing that it could be a percentage of */
static char *
describe_change (const ErosComparison *self)
{
  double change = 100 * (self->after.value / self->before.value - 1);

  return isfinite (change) ? g_strdup_printf (": %+.1f %%", change) : g_strdup ("");
}

/* What is planned by what was seen before is faster than what is new. (nullable) (transfer full) */
static char *
describe_optimization (const ErosComparison *self)
{
  if ((self->before.optimized > 0) == (self->after.optimized > 0))
    return NULL;
  return g_strdup_printf (
    self->before.optimized > 0
      ? ngettext ("BigQuery has planned %u job before by what it had seen of it, and none after",
                  "BigQuery has planned %u jobs before by what it had seen of them, and none after",
                  self->before.optimized)
      : ngettext ("BigQuery has planned %u job after by what it had seen of it, and none before",
                  "BigQuery has planned %u jobs after by what it had seen of them, and none before",
                  self->after.optimized),
    MAX (self->before.optimized, self->after.optimized));
}

char *
eros_comparison_describe_verdict (const ErosComparison *self)
{
  g_autofree char *change = describe_change (self);
  g_autofree char *optimization = describe_optimization (self);
  g_autofree char *verdict = NULL;
  g_autofree char *p = isnan (self->p) ? g_strdup ("") : g_strdup_printf (", p = %.3f", self->p);

  if (self->verdict == EROS_VERDICT_UNKNOWN)
    verdict = describe_unknown (self);
  else if (self->verdict == EROS_VERDICT_EQUIVALENT)
    /* Translators: a number of percent; nothing, or “: +2.5 %” */
    verdict = g_strdup_printf (_ ("the same within %1$d %%%2$s"), EROS_COMPARISON_MARGIN_PERCENT, change);
  else
    verdict =
      g_strconcat (self->verdict == EROS_VERDICT_BETTER ? _ ("better") : _ ("worse"), change, p, NULL);
  return optimization != NULL ? g_strconcat (verdict, "; ", optimization, NULL) : g_steal_pointer (&verdict);
}

char *
eros_comparison_describe (const ErosComparison *self)
{
  g_autofree char *verdict = eros_comparison_describe_verdict (self);
  g_autofree char *before = eros_comparison_describe_value (self, &self->before);
  g_autofree char *after = eros_comparison_describe_value (self, &self->after);
  g_autofree char *before_n = describe_count (self, self->before.n);
  g_autofree char *after_n = describe_count (self, self->after.n);

  /* Translators: what was measured; what that shows; before, “24 hours”; after, “24 hours” */
  return g_strdup_printf (_ ("%1$s: %2$s (%3$s before, %4$s; %5$s after, %6$s)"), self->name, verdict, before,
                          before_n, after, after_n);
}

static void
set_number (JsonObject *object, const char *name, double value)
{
  if (isnan (value))
    json_object_set_null_member (object, name);
  else
    json_object_set_double_member (object, name, value);
}

static void
set_text (JsonObject *object, const char *name, char *text)
{
  g_autofree char *owned = text;

  if (owned == NULL)
    json_object_set_null_member (object, name);
  else
    json_object_set_string_member (object, name, owned);
}

static JsonObject *
side_to_json (const ErosComparison *self, const ErosComparedSide *side)
{
  JsonObject *object = json_object_new ();

  set_number (object, "value", side->value);
  set_number (object, "spread", side->spread);
  json_object_set_int_member (object, self->is_of_runs ? "runs" : "hours", side->n);
  json_object_set_int_member (object, "failed", side->failed);
  json_object_set_int_member (object, "optimized_by_history", side->optimized);
  set_text (object, "from", eros_time_iso (side->begun));
  set_text (object, "to", eros_time_iso (side->ended));
  return object;
}

JsonObject *
eros_comparison_to_json (const ErosComparison *self)
{
  JsonObject *object = json_object_new ();
  double change = 100 * (self->after.value / self->before.value - 1);

  json_object_set_string_member (object, "metric", self->metric);
  json_object_set_string_member (object, "unit", self->unit);
  json_object_set_object_member (object, "before", side_to_json (self, &self->before));
  json_object_set_object_member (object, "after", side_to_json (self, &self->after));
  json_object_set_string_member (object, "verdict", verdicts[self->verdict]);
  json_object_set_int_member (object, "margin_percent", EROS_COMPARISON_MARGIN_PERCENT);
  set_number (object, "change_percent", isfinite (change) ? change : NAN);
  set_number (object, "p", self->p);
  set_text (object, "says", eros_comparison_describe_verdict (self));
  return object;
}
