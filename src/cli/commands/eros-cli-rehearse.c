/* eros-cli-rehearse.c: eros-deploy rehearse
 *
 * A whole deployment, phase by phase. What the machine can check it checks; what only a person can do is
 * ticked by a stand-in who says so; what this version does not do is left out, with the reason. Nothing is
 * pretended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-check.h"
#include "eros-cli-commands.h"
#include "eros-cli-operation.h"
#include "eros-cli-progress.h"
#include "eros-cli-rehearse-watch.h"
#include "eros-cli-report.h"
#include "eros-cli-service.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#define ACTOR "Rehearsal"

/* How far the operations have come. */
typedef enum
{
  WORK_GOES_ON,
  WORK_MISSING, /* this version does not do one: what comes after it has nothing to look at */
  WORK_STOPPED, /* one failed or has to wait for a gate: what comes after it stays open, to the end */
} Work;

typedef struct
{
  ErosDeployment *deployment;
  ErosController *controller;
  ErosRehearsal *server;
  const char *scenario;
  ErosPhase *phase;      /* under way */
  GPtrArray *operations; /* of ErosElement: its operations, in order */
  guint next;            /* of them */
  Work work;
  char *missing; /* (nullable) why there is nothing to look at */
  guint n_machine;
  guint n_stand_ins;
  guint n_left_out;
  guint n_open;
} Rehearsal;

/* The terminal's Ctrl+C is noticed between two acts. */
static gboolean
is_interrupted (GError **error)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return g_cancellable_set_error_if_cancelled (eros_cli_get_interruption (), error);
}

static gboolean
is_operation (ErosElement *element)
{
  return eros_element_get_kind (element) == EROS_ELEMENT_OPERATION;
}

static gboolean
is_machine_check (Rehearsal *self, ErosElement *element)
{
  return eros_element_get_kind (element) == EROS_ELEMENT_CHECK &&
         eros_controller_can_run (self->controller, eros_element_get_id (element), NULL);
}

/* (transfer full): the elements of PHASE, in order. */
static GPtrArray *
list_elements (ErosPhase *phase)
{
  GListModel *sections = eros_phase_get_sections (phase);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        g_ptr_array_add (list, g_list_model_get_item (elements, j));
    }
  return list;
}

/* Operations. */

static void
stop_work (Rehearsal *self, Work work, ErosElement *element, const char *reason)
{
  eros_cli_progress_line (work == WORK_MISSING ? "–" : "☐", eros_element_get_label (element), reason);
  self->work = work;
  g_free (self->missing);
  self->missing =
    g_strdup_printf (_ ("“%s” has not been done in this rehearsal, so there is nothing to look at."),
                     eros_element_get_label (element));
}

/* In an earlier part of this rehearsal. */
static gboolean
is_done (Rehearsal *self, ErosElement *element)
{
  ErosOperation *operation =
    eros_controller_find_operation (self->controller, eros_element_get_operation (element));

  return operation != NULL && eros_operation_get_state (operation) == EROS_STATE_SUCCEEDED;
}

static gboolean
run_operation (Rehearsal *self, ErosElement *element, GError **error)
{
  GError *problem = NULL;

  self->next++;
  if (eros_cli_run_operation (self->controller, eros_element_get_operation (element), &problem))
    return TRUE;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  /* It stands in the record; the rehearsal goes on to show what else there is. */
  stop_work (self, WORK_STOPPED, element, problem->message);
  g_error_free (problem);
  return TRUE;
}

/* Operations are done as soon as they may be, so that people look at what is there. */
static gboolean
run_what_may_run (Rehearsal *self, GError **error)
{
  while (self->work == WORK_GOES_ON && self->next < self->operations->len)
    {
      ErosElement *element = self->operations->pdata[self->next];

      if (is_done (self, element))
        {
          self->next++;
          continue;
        }
      if (!eros_controller_can_run (self->controller, eros_element_get_id (element), NULL))
        return TRUE;
      if (!run_operation (self, element, error))
        return FALSE;
    }
  return TRUE;
}

/* The page has come to an operation that could not be done before. */
static void
pass_operation (Rehearsal *self, ErosElement *element)
{
  g_autofree char *reason = NULL;
  ErosGate *gate = NULL;

  if (self->work != WORK_GOES_ON || self->next >= self->operations->len ||
      self->operations->pdata[self->next] != element)
    return;
  eros_controller_can_run (self->controller, eros_element_get_id (element), &reason);
  eros_deployment_allows (self->deployment, "run", eros_element_get_id (element), NULL, &gate);
  stop_work (self, gate != NULL ? WORK_STOPPED : WORK_MISSING, element, reason);
}

/* Boxes. */

static gboolean
is_untimely (Rehearsal *self, const char *id)
{
  ErosElement *element = eros_item_get_element (eros_deployment_get_item (self->deployment, id));
  g_autofree char *why =
    eros_watch_describe_untimely (self->deployment, element, eros_timeline_get_now (self->deployment));

  return why != NULL;
}

static gboolean
stand_in (Rehearsal *self, const char *id, GError **error)
{
  if (!eros_deployment_set_note (self->deployment, id,
                                 _ ("The rehearsal stands in for a person here: nobody has looked at this."),
                                 error))
    return FALSE;
  self->n_stand_ins++;
  /* On a server whose clock cannot be set. */
  return eros_deployment_tick_by_decision (
    self->deployment, id, is_untimely (self, id) ? _ ("Nobody waits for it in this rehearsal.") : "", error);
}

static gboolean
leave_out (Rehearsal *self, const char *id, const char *reason, GError **error)
{
  self->n_left_out++;
  return eros_deployment_set_not_applicable (self->deployment, id, reason, error);
}

/* Whether an operation of this phase that has not been done would prove the box. */
static gboolean
is_unproven (Rehearsal *self, const char *id)
{
  guint first = self->work == WORK_GOES_ON || self->next == 0 ? self->next : self->next - 1;

  for (guint i = first; i < self->operations->len; i++)
    {
      const char *const *proves = eros_element_get_proves (self->operations->pdata[i]);

      if (proves != NULL && g_strv_contains (proves, id))
        return TRUE;
    }
  return FALSE;
}

static gboolean
conduct_open_check (Rehearsal *self, ErosElement *element, GError **error)
{
  const char *id = eros_element_get_id (element);
  gboolean unproven = is_unproven (self, id);
  g_autofree char *reason = NULL;

  if (eros_phase_is_contingency (self->phase))
    return leave_out (self, id, _ ("No rollback was needed in this rehearsal."), error);
  if (self->work == WORK_MISSING)
    return leave_out (self, id, self->missing, error);
  if (self->work == WORK_GOES_ON && !unproven && eros_element_get_check_binding (element) != NULL &&
      !eros_controller_can_run (self->controller, id, &reason))
    return leave_out (self, id, reason, error);
  if (self->work == WORK_GOES_ON && !unproven &&
      eros_deployment_allows (self->deployment, "tick", id, &reason, NULL))
    return stand_in (self, id, error);

  self->n_open++;
  eros_cli_progress_line ("☐", eros_element_get_label (element), reason != NULL ? reason : self->missing);
  return TRUE;
}

/* By the machine just now, or in an earlier part of this rehearsal. */
static void
count_marked (Rehearsal *self, ErosItem *item)
{
  if (eros_item_get_mark (item) == EROS_ITEM_NOT_APPLICABLE)
    self->n_left_out++;
  else if (*eros_item_get_note (item) == '\0')
    self->n_machine++;
  else
    self->n_stand_ins++;
}

static gboolean
conduct_check (Rehearsal *self, ErosElement *element, GError **error)
{
  ErosItem *item = eros_deployment_get_item (self->deployment, eros_element_get_id (element));

  if (eros_item_get_mark (item) != EROS_ITEM_OPEN)
    {
      count_marked (self, item);
      return TRUE;
    }
  /* The machine has looked, and does not say yes: nobody ticks that away. */
  if (eros_item_is_failing (item) || eros_item_get_outcome (item) == EROS_OUTCOME_ERROR ||
      eros_item_get_outcome (item) == EROS_OUTCOME_NOT_LOOKED)
    {
      self->n_open++;
      return TRUE;
    }
  return conduct_open_check (self, element, error);
}

/* The first choice is the good one; whatever contradicts it keeps it from being signed. */
static GHashTable *
choose_all (ErosElement *element)
{
  GListModel *fields = eros_element_get_fields (element);
  GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *const *choices = eros_field_get_choices (field);

      if (choices != NULL)
        g_hash_table_insert (values, (gpointer) eros_field_get_id (field), (gpointer) choices[0]);
    }
  return values;
}

static gboolean
leave_unsigned (Rehearsal *self, ErosElement *element, const char *reason)
{
  self->n_open++;
  eros_cli_progress_line ("☐", eros_element_get_label (element), reason);
  return TRUE;
}

/* A stand-in gives no reason why it would be a success all the same. */
static gboolean
stand_in_for_signer (Rehearsal *self, ErosElement *element, GError **error)
{
  const char *id = eros_element_get_id (element);
  const char *role = eros_element_get_role (element);
  g_autofree char *name =
    g_strdup_printf (_ ("%s stand-in (rehearsal)"), role != NULL ? role : eros_element_get_label (element));
  g_autoptr (GHashTable) values = choose_all (element);
  g_autoptr (GError) problem = NULL;

  if (eros_deployment_sign_with (self->deployment, id, name, values, "", &problem))
    {
      self->n_stand_ins++;
      return eros_deployment_set_note (
        self->deployment, id,
        _ ("Signed by the rehearsal, which stands in for a person: nobody vouches for this."), error);
    }
  if (g_error_matches (problem, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON))
    return leave_unsigned (self, element, problem->message);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
conduct_sign_off (Rehearsal *self, ErosElement *element, GError **error)
{
  const char *id = eros_element_get_id (element);
  g_autofree char *reason = NULL;
  ErosGate *gate = NULL;

  if (eros_item_get_mark (eros_deployment_get_item (self->deployment, id)) != EROS_ITEM_OPEN)
    {
      self->n_stand_ins++;
      return TRUE;
    }
  if (self->work != WORK_GOES_ON && eros_element_get_kind (element) == EROS_ELEMENT_CHECK)
    return leave_unsigned (self, element, self->missing);
  if (!eros_deployment_allows (self->deployment, "sign", id, &reason, &gate) && gate != NULL)
    return leave_unsigned (self, element, reason);
  return stand_in_for_signer (self, element, error);
}

static gboolean
conduct_element (Rehearsal *self, ErosElement *element, GError **error)
{
  if (is_interrupted (error) || (!eros_phase_is_contingency (self->phase) && !run_what_may_run (self, error)))
    return FALSE;
  if (eros_element_wants_signature (element))
    return conduct_sign_off (self, element, error);
  if (eros_element_get_kind (element) == EROS_ELEMENT_CHECK)
    return conduct_check (self, element, error);
  if (is_operation (element) && !eros_phase_is_contingency (self->phase))
    pass_operation (self, element);
  if (eros_element_get_kind (element) == EROS_ELEMENT_SCHEDULE && self->work == WORK_GOES_ON)
    return eros_cli_rehearse_watch (self->controller, self->server, self->deployment, self->scenario, error);
  return TRUE;
}

/* Where people sign for all that was done, a stand-in does not vouch for what is still open. */
static void
look_at_sign_offs (Rehearsal *self, GPtrArray *elements)
{
  for (guint i = 0; i < elements->len && self->work == WORK_GOES_ON; i++)
    {
      g_autofree char *reason = NULL;
      ErosGate *gate = NULL;

      if (eros_element_get_kind (elements->pdata[i]) != EROS_ELEMENT_SIGN_OFF ||
          eros_deployment_allows (self->deployment, "sign", eros_element_get_id (elements->pdata[i]), &reason,
                                  &gate) ||
          gate == NULL)
        continue;
      self->work = WORK_STOPPED;
      self->missing = g_steal_pointer (&reason);
    }
}

/* What the machine can look at, and has not ticked yet. */
static gboolean
run_open_checks (Rehearsal *self, GPtrArray *elements, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < elements->len; i++)
    {
      const char *id = eros_element_get_id (elements->pdata[i]);

      if (is_machine_check (self, elements->pdata[i]) &&
          eros_item_get_mark (eros_deployment_get_item (self->deployment, id)) == EROS_ITEM_OPEN)
        g_ptr_array_add (ids, (gpointer) id);
    }
  if (ids->len == 0)
    return TRUE;
  g_ptr_array_add (ids, NULL);
  return eros_cli_run_checks (self->controller, (const char *const *) ids->pdata, error);
}

/* What was to come before has not been done: there is nothing here that anybody could look at yet. */
static void
pass_by (Rehearsal *self, ErosPhase *phase, GPtrArray *elements)
{
  for (guint i = 0; i < elements->len; i++)
    {
      ErosItem *item = eros_deployment_get_item (self->deployment, eros_element_get_id (elements->pdata[i]));

      if (item != NULL && eros_item_get_mark (item) == EROS_ITEM_OPEN)
        self->n_open++;
      else if (item != NULL)
        count_marked (self, item);
    }
  eros_cli_progress_line ("☐", eros_phase_get_title (phase), self->missing);
}

static gboolean
conduct_phase (Rehearsal *self, ErosPhase *phase, GError **error)
{
  g_autoptr (GPtrArray) elements = list_elements (phase);
  g_autoptr (GPtrArray) operations = g_ptr_array_new ();

  eros_cli_print (_ ("\nPhase %u: %s\n"), eros_phase_get_number (phase), eros_phase_get_title (phase));
  if (self->work == WORK_STOPPED)
    {
      pass_by (self, phase, elements);
      return TRUE;
    }
  for (guint i = 0; i < elements->len; i++)
    {
      if (is_operation (elements->pdata[i]))
        g_ptr_array_add (operations, elements->pdata[i]);
    }
  self->phase = phase;
  self->operations = operations;
  self->next = 0;
  self->work = WORK_GOES_ON;
  g_clear_pointer (&self->missing, g_free);

  look_at_sign_offs (self, elements);
  if (!run_open_checks (self, elements, error))
    return FALSE;
  for (guint i = 0; i < elements->len; i++)
    if (!conduct_element (self, elements->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
conduct (Rehearsal *self, GError **error)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      if (!conduct_phase (self, phase, error))
        return FALSE;
    }
  return TRUE;
}

/* Reads back what was written, from the disk. */
static gboolean
write_and_verify (ErosDeployment *deployment, GFile *output, GError **error)
{
  GFile *file = eros_journal_get_file (eros_deployment_get_journal (deployment));
  g_autoptr (GPtrArray) signatures = NULL;
  g_autofree char *head = NULL;
  guint64 n = 0;

  eros_cli_print (_ ("\nReport\n"));
  signatures = eros_cli_write_report (deployment, output, FALSE, error);
  if (signatures == NULL)
    return FALSE;
  eros_cli_progress_line ("✔", g_file_peek_path (output), NULL);
  eros_cli_print_signatures (signatures);
  if (!eros_journal_verify (file, &n, &head, NULL, error))
    return FALSE;
  eros_cli_progress_line ("✔", g_file_peek_path (file), NULL);
  eros_cli_print (_ ("  the chain of its %" G_GUINT64_FORMAT " events is whole; head %s\n"), n, head);
  return TRUE;
}

static ErosExit
rehearse (ErosDeployment *deployment,
          ErosRehearsal *server,
          const char *scenario,
          GFile *output,
          gint64 started,
          GError **error)
{
  g_autoptr (ErosController) controller =
    eros_controller_new (deployment, eros_rehearsal_get_connection (server));
  Rehearsal self = {
    .deployment = deployment, .controller = controller, .server = server, .scenario = scenario
  };
  gboolean done;

  eros_cli_progress_watch (deployment);
  done = conduct (&self, error);
  g_free (self.missing);
  if (!done || !write_and_verify (deployment, output, error))
    {
      g_prefix_error (
        error, _ ("The rehearsal has ended before its end; “eros-deploy status %s” says how far it came. "),
        eros_deployment_get_id (deployment));
      return EROS_EXIT_FAILED;
    }
  eros_cli_print (
    _ ("\n%u checked by the machine, %u by stand-ins, %u left out with a reason, %u open; %.1f s\n"),
    self.n_machine, self.n_stand_ins, self.n_left_out, self.n_open,
    (g_get_monotonic_time () - started) / (double) G_USEC_PER_SEC);
  return self.n_open == 0 ? EROS_EXIT_DONE : EROS_EXIT_FAILED;
}

typedef struct
{
  char *file;
  char *output;
  char *endpoint;
  char *sign_in;
  char *scenario;
  char *limits[3];
  double patience_s;
  int captions;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->file);
  g_free (options->output);
  g_free (options->endpoint);
  g_free (options->sign_in);
  g_free (options->scenario);
  for (guint i = 0; i < G_N_ELEMENTS (options->limits); i++)
    g_free (options->limits[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
set_up_connection (ErosConnection *connection, Options *options, GError **error)
{
  ErosSignIn sign_in = EROS_SIGN_IN_NONE;

  if (options->sign_in != NULL && !eros_cli_parse_sign_in (options->sign_in, &sign_in, error))
    return FALSE;
  g_object_set (connection, "sign-in", sign_in, NULL);
  if (options->patience_s > 0)
    g_object_set (connection, "patience-ms", (gint64) (options->patience_s * 1000), NULL);
  return eros_cli_set_limits (connection, options->limits, error);
}

static ErosDeployment *
open_rehearsal (GFile *file, GError **error)
{
  g_autoptr (ErosDeployment) deployment = eros_deployment_open (file, EROS_JOURNAL_WRITE, error);

  if (deployment == NULL)
    return NULL;
  if (eros_deployment_get_setup (deployment)->environment == EROS_ENVIRONMENT_REHEARSAL)
    return g_steal_pointer (&deployment);
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("%s is no rehearsal, so no stand-in may act for people in it. Name another file."),
               g_file_peek_path (file));
  return NULL;
}

/* Data without their deployment are nobody's to go on with. */
static gboolean
check_no_data (GFile *file, GError **error)
{
  g_autoptr (GFile) data = eros_rehearsal_get_data_folder (file);

  if (!g_file_query_exists (data, NULL))
    return TRUE;
  g_set_error (
    error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
    _ ("%s holds the data of a rehearsal whose deployment is gone. Remove that folder, or name another "
       "file."),
    g_file_peek_path (data));
  return FALSE;
}

/* One that was cut off goes on where it was: so it is on record before anything is done for it. */
static ErosDeployment *
open_or_create (GFile *file, gboolean *is_new, GError **error)
{
  *is_new = file == NULL || !g_file_query_exists (file, NULL);
  if (!*is_new)
    return open_rehearsal (file, error);
  if (file != NULL && !check_no_data (file, error))
    return NULL;
  return eros_rehearsal_create_deployment (NULL, file, ACTOR, error);
}

static gboolean
start_server (ErosRehearsal **rehearsal,
              ErosDeployment *deployment,
              Options *options,
              const char *endpoint,
              GError **error)
{
  GFile *file = eros_journal_get_file (eros_deployment_get_journal (deployment));
  g_autoptr (GFile) data = eros_rehearsal_get_data_folder (file);

  if (endpoint == NULL)
    eros_cli_progress_line ("…", _ ("Starting the BigQuery in the box"), NULL);
  *rehearsal = eros_cli_start_rehearsal (options->captions, endpoint, data, error);
  if (*rehearsal == NULL || !set_up_connection (eros_rehearsal_get_connection (*rehearsal), options, error))
    return FALSE;
  eros_cli_watch_connection (eros_rehearsal_get_connection (*rehearsal));
  eros_cli_progress_line ("✔", eros_connection_get_endpoint (eros_rehearsal_get_connection (*rehearsal)),
                          NULL);
  return eros_cli_check_rehearsal (*rehearsal, deployment, error);
}

/* A server that has never run has left nothing to go on with. Takes the deployment: a file that is open when
 * it is deleted leaves its -wal behind. */
static void
forget (ErosDeployment *deployment)
{
  g_autoptr (GFile) file = g_object_ref (eros_journal_get_file (eros_deployment_get_journal (deployment)));
  g_autoptr (GFile) data = eros_rehearsal_get_data_folder (file);

  g_object_unref (deployment);
  if (!g_file_query_exists (data, NULL))
    g_file_delete (file, NULL, NULL);
}

static ErosDeployment *
start (ErosRehearsal **rehearsal, Options *options, const char *endpoint, GError **error)
{
  g_autoptr (GFile) file = options->file != NULL ? g_file_new_for_commandline_arg (options->file) : NULL;
  gboolean is_new;
  g_autoptr (ErosDeployment) deployment = open_or_create (file, &is_new, error);

  if (deployment == NULL)
    return NULL;
  eros_deployment_set_actor (deployment, ACTOR);
  if (!start_server (rehearsal, deployment, options, endpoint, error))
    {
      if (is_new)
        forget (g_steal_pointer (&deployment));
      return NULL;
    }
  eros_cli_progress_line ("✔", eros_deployment_get_setup (deployment)->name,
                          eros_deployment_get_id (deployment));
  return g_steal_pointer (&deployment);
}

static const char *const scenarios[] = { "healthy", "slow", "failing", "dear", "corrupt", NULL };

int
eros_cli_rehearse (int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      N_ ("Where to write the report (rehearsal-report.pdf)"), N_ ("PDF") },
    { "captions", 'n', 0, G_OPTION_ARG_INT, &options.captions, N_ ("Size of the sample data (100,000)"),
      N_ ("N") },
    { "endpoint", 0, 0, G_OPTION_ARG_STRING, &options.endpoint,
      N_ ("Use this server instead of starting one; also BIGQUERY_EMULATOR_HOST"), N_ ("URL") },
    { "sign-in", 0, 0, G_OPTION_ARG_STRING, &options.sign_in,
      N_ ("How to sign in to that server: “none”, “default” (application default credentials)"), N_ ("HOW") },
    { "patience", 0, 0, G_OPTION_ARG_DOUBLE, &options.patience_s,
      N_ ("How long that server may be silent before it is asked again (30)"), N_ ("SECONDS") },
    { "scenario", 0, 0, G_OPTION_ARG_STRING, &options.scenario,
      N_ ("How production fares after the deployment: “healthy”, “slow”, “failing”, “dear”, “corrupt”"),
      N_ ("HOW") },
    EROS_CLI_LIMITS_ENTRIES (options.limits),
    { "file", 'f', 0, G_OPTION_ARG_FILENAME, &options.file,
      N_ ("Where to keep the deployment, if not among the others; a rehearsal that is there goes on"),
      N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  gint64 started = g_get_monotonic_time ();
  g_autofree char *endpoint = NULL;
  g_autoptr (ErosRehearsal) rehearsal = NULL;
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (GFile) output = NULL;

  if (!eros_cli_parse (
        &argc, &argv, entries, NULL,
        _ ("Conducts a whole deployment against the BigQuery in the box and writes its signed report. The "
           "machine’s checks are real; what a person would do is done by a stand-in who says so."),
        0, 0, error))
    return EROS_EXIT_USAGE;
  if (!eros_cli_check_captions (options.captions, error) ||
      !eros_cli_set_limits (NULL, options.limits, error))
    return EROS_EXIT_USAGE;
  if (options.scenario == NULL)
    options.scenario = g_strdup (scenarios[0]);
  if (!g_strv_contains (scenarios, options.scenario))
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("“%s” is no scenario. Say “healthy”, “slow”, “failing”, “dear” or “corrupt”."),
                   options.scenario);
      return EROS_EXIT_USAGE;
    }
  if (options.patience_s < 0)
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE, _ ("--patience must be a number above 0."));
      return EROS_EXIT_USAGE;
    }

  endpoint = eros_cli_find_endpoint (options.endpoint);
  output = g_file_new_for_commandline_arg (options.output != NULL ? options.output : "rehearsal-report.pdf");
  deployment = start (&rehearsal, &options, endpoint, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  return rehearse (deployment, rehearsal, options.scenario, output, started, error);
}
