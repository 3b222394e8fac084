/* eros-deployment.h: the state of one deployment (runbook × journal), and the only place that decides what is allowed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-journal.h"
#include "eros-runbook.h"

G_BEGIN_DECLS

#define EROS_DEPLOYMENT_ERROR (eros_deployment_error_quark ())
typedef enum
{
  EROS_DEPLOYMENT_ERROR_NOT_ALLOWED,  /* message says why not and what to do */
  EROS_DEPLOYMENT_ERROR_NEEDS_REASON, /* allowed by decision only, with a reason */
  EROS_DEPLOYMENT_ERROR_INVALID,      /* a value or id that does not fit the runbook */
  EROS_DEPLOYMENT_ERROR_UNREADABLE,   /* the journal's events do not make a deployment */
} ErosDeploymentError;
GQuark eros_deployment_error_quark (void);

typedef enum
{
  EROS_ENVIRONMENT_REHEARSAL,
  EROS_ENVIRONMENT_STAGING,
  EROS_ENVIRONMENT_PRODUCTION,
} ErosEnvironment;

/* What is fixed when a deployment is made; all strings may be empty but the name. */
typedef struct
{
  char           *name;
  char           *window_start; /* "2025-10-31T14:00:00Z" or "" */
  char           *window_end;
  char           *lead_name, *lead_email, *lead_phone;
  ErosEnvironment environment;
  char           *project, *dataset, *location, *bucket;
  char           *profile; /* name of the connection profile in the settings, "" for a rehearsal */
} ErosDeploymentSetup;
void eros_deployment_setup_free (ErosDeploymentSetup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosDeploymentSetup, eros_deployment_setup_free)
/* A text of it as it is stored: member: "project", "window_start" … NULL: it cannot be one. (transfer full) */
char    *eros_deployment_setup_check_text (const char *member, const char *text, GError **error);
gboolean eros_deployment_setup_check_ahead (const ErosDeploymentSetup *setup, GError **error);

typedef enum
{
  EROS_ITEM_OPEN,
  EROS_ITEM_TICKED,
  EROS_ITEM_NOT_APPLICABLE,
} ErosItemMark;

typedef enum
{
  EROS_OUTCOME_NONE, /* never run */
  EROS_OUTCOME_PASS,
  EROS_OUTCOME_FAIL,
  EROS_OUTCOME_ERROR, /* could not find out */
  EROS_OUTCOME_WARNING,
  EROS_OUTCOME_NOT_ENOUGH, /* looked, and there is not enough to say */
  EROS_OUTCOME_NOT_LOOKED, /* not looked at: what it needs first has failed, which says so itself */
} ErosOutcome;
/* As in the journal and in JSON: "pass", "not-enough-to-say" … */
const char *eros_outcome_to_text (ErosOutcome outcome);

/* The live state of one element. Properties, all notified: mark, actor, time, note, reason, outcome, summary, evidence,
 * retracted, failing, decided. */
#define EROS_TYPE_ITEM (eros_item_get_type ())
G_DECLARE_FINAL_TYPE (ErosItem, eros_item, EROS, ITEM, GObject)
ErosElement *eros_item_get_element (ErosItem *self);
ErosItemMark eros_item_get_mark (ErosItem *self);
const char  *eros_item_get_actor (ErosItem *self);   /* (nullable) who set the mark */
gint64       eros_item_get_time (ErosItem *self);    /* when, microseconds; 0 when open */
const char  *eros_item_get_note (ErosItem *self);    /* "" when there is none */
const char  *eros_item_get_reason (ErosItem *self);  /* (nullable) of not applicable, or of a decision */
ErosOutcome  eros_item_get_outcome (ErosItem *self); /* of the machine check's last run */
const char  *eros_item_get_summary (ErosItem *self); /* (nullable) what the machine found */
JsonNode    *eros_item_get_evidence (
     ErosItem *self); /* (nullable) array of {sql, job_id, started, ended, bytes, rows …} */
/* Whether the machine took back its own tick because its check has failed since; ends with the next mark. Notified. */
gboolean eros_item_is_retracted (ErosItem *self);
/* Whether the machine's last word is FAIL, whatever a person has marked since. Notified with "failing". */
gboolean eros_item_is_failing (ErosItem *self);
/* Whether it is failing and a person has marked it all the same, by decision. Notified with "decided". */
gboolean eros_item_is_decided (ErosItem *self);
/* SIGN_OFF elements only: signed when the time is not 0. Its fields' values are the deployment's. */
gboolean eros_item_is_signed (ErosItem *self);

/* How far a phase is. Properties, notified: done, total, state, decided. */
typedef enum
{
  EROS_PHASE_NOT_STARTED,
  EROS_PHASE_IN_PROGRESS,
  EROS_PHASE_COMPLETE,
  EROS_PHASE_FAILED, /* a machine check in it failed, and nobody has decided over it */
} ErosPhaseState;
#define EROS_TYPE_PHASE_PROGRESS (eros_phase_progress_get_type ())
G_DECLARE_FINAL_TYPE (ErosPhaseProgress, eros_phase_progress, EROS, PHASE_PROGRESS, GObject)
ErosPhase     *eros_phase_progress_get_phase (ErosPhaseProgress *self);
guint          eros_phase_progress_get_done (ErosPhaseProgress *self);    /* checks and sign-offs */
guint          eros_phase_progress_get_decided (ErosPhaseProgress *self); /* checks that fail, marked by decision */
guint          eros_phase_progress_get_total (ErosPhaseProgress *self);
ErosPhaseState eros_phase_progress_get_state (ErosPhaseProgress *self);

#define EROS_TYPE_DEPLOYMENT (eros_deployment_get_type ())
G_DECLARE_FINAL_TYPE (ErosDeployment, eros_deployment, EROS, DEPLOYMENT, GObject)

/* Makes FILE with its first event, "deployment.created", which holds setup and the whole runbook. */
ErosDeployment *eros_deployment_create (GFile                     *file,
                                        ErosRunbook               *runbook,
                                        const ErosDeploymentSetup *setup,
                                        const char                *actor,
                                        GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
ErosDeployment *eros_deployment_open (GFile *file, ErosJournalMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* $XDG_DATA_HOME/eros-deploy; made when it is missing. */
GFile *eros_deployment_get_directory (void);
/* A fresh file name in it for a deployment of this name: "2026-11-24-eros-2-4.erosdeploy". */
GFile *eros_deployment_new_file (const char *name);

/* Picks up what another process has written (a deployment opened for reading). */
gboolean eros_deployment_reload (ErosDeployment *self, GError **error);

ErosRunbook               *eros_deployment_get_runbook (ErosDeployment *self);
ErosJournal               *eros_deployment_get_journal (ErosDeployment *self);
const ErosDeploymentSetup *eros_deployment_get_setup (ErosDeployment *self);
const char                *eros_deployment_get_id (ErosDeployment *self);       /* the file's name without its suffix */
GListModel                *eros_deployment_get_progress (ErosDeployment *self); /* of ErosPhaseProgress */
ErosItem                  *eros_deployment_get_item (ErosDeployment *self, const char *element_id); /* (nullable) */
/* Who acts from here on: name and e-mail of the person at the keyboard. Property "actor". */
const char *eros_deployment_get_actor (ErosDeployment *self);
char       *eros_deployment_default_actor (void); /* (transfer full): who acts when nobody has said it */
void        eros_deployment_set_actor (ErosDeployment *self, const char *actor);

/* When the last operation of this kind that ended well has ended, in microseconds since 1970; 0: none has. */
gint64 eros_deployment_get_operation_end (ErosDeployment *self, const char *operation);
/* How far the whole is: checks and sign-offs of all phases but contingencies. */
void eros_deployment_get_overall (ErosDeployment *self, guint *done, guint *total);
/* The furthest phase in which something has been done; the first one at the start. Contingencies do not count. */
ErosPhase *eros_deployment_get_phase_reached (ErosDeployment *self);
typedef enum
{
  EROS_RESULT_UNDECIDED,
  EROS_RESULT_SUCCESS,           /* the sign-off that decides says so */
  EROS_RESULT_ROLLED_BACK,       /* a rollback has ended well, and nothing was deployed since; whatever is signed */
  EROS_RESULT_ROLLBACK_REQUIRED, /* the sign-off says so, and none has ended well */
} ErosResult;
ErosResult eros_deployment_get_result (ErosDeployment *self);

/* (nullable): the signed sign-off that says how it ended. status: (out) (optional) (nullable): what it says. */
ErosItem *eros_deployment_get_verdict (ErosDeployment *self, const char **status);
/* (transfer full): what speaks against a success in that sign-off, a sentence each; NULL: against the signed one. */
GStrv eros_deployment_list_contradictions (ErosDeployment *self, const char *element_id);
/* Why a person has put a value in the place of a measured one; "" when none was asked for. */
const char *eros_deployment_get_value_reason (ErosDeployment *self, const char *field_id);
/* (transfer full): a sentence for each person who has signed for several. */
GStrv eros_deployment_list_shared_signatures (ErosDeployment *self);
/* (transfer full): a sentence for each gate of two persons that was opened by decision, until somebody else has signed.
 */
GStrv eros_deployment_list_reviews (ErosDeployment *self);

/* What somebody has decided. It is never undone: it is withdrawn, and stays in the record. */
typedef enum
{
  EROS_DECISION_OVERRIDE,       /* of a gate */
  EROS_DECISION_SIGNATURE,      /* of a sign-off */
  EROS_DECISION_TICK,           /* of a box whose check failed */
  EROS_DECISION_NOT_APPLICABLE, /* likewise */
} ErosDecisionKind;
typedef struct
{
  ErosDecisionKind kind;
  ErosEvent       *event;      /* when, and at whose keyboard */
  ErosEvent       *withdrawal; /* (nullable) */
} ErosDecision;
GPtrArray  *eros_deployment_get_decisions (ErosDeployment *self); /* (transfer none) of ErosDecision, in order */
const char *eros_deployment_get_decision_title (ErosDeployment     *self,
                                                const ErosDecision *decision); /* of gate or element */
char       *eros_deployment_describe_decision (ErosDeployment *self, const ErosDecision *decision);
GStrv       eros_deployment_list_done_through (ErosDeployment *self, const ErosDecision *decision);
const char *eros_decision_get_target (const ErosDecision *decision);
const char *eros_decision_get_name (const ErosDecision *decision);
const char *eros_decision_get_reason (const ErosDecision *decision);
const char *eros_decision_get_withdrawal_reason (const ErosDecision *decision);
/* Those that were named before a signature was given. */
GStrv eros_deployment_list_contradictions_of (ErosDeployment *self, const ErosDecision *decision);

/* (transfer full): elements whose checks are made again before this operation begins, because a gate says so. */
GStrv eros_deployment_list_to_look_at_again (ErosDeployment *self, const char *operation);

/* A gate that somebody has opened by decision. */
typedef struct
{
  const char *name;
  const char *reason;
  const char *actor;
  gint64      time;
} ErosOverride;
/* Whether what the gate requires is done. missing: (out) (optional): a sentence that lists what is not. */
gboolean eros_deployment_gate_is_open (ErosDeployment *self, ErosGate *gate, char **missing);
/* FALSE when the gate is not overridden; otherwise the strings live as long as the event. */
gboolean eros_deployment_get_override (ErosDeployment *self, const char *gate_id, ErosOverride *override);

/* Fields. "field-changed" (detail: field id) is emitted for each change. */
const char *eros_deployment_get_value (ErosDeployment *self, const char *field_id); /* "" when blank */
/* As eros_field_normalize (), for a field of this deployment: a date lies in its time. (transfer full) */
char *eros_deployment_check_value (ErosDeployment *self, const char *field_id, const char *text, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) who filled it in, and whether it was the machine */
const char *eros_deployment_get_value_actor (ErosDeployment *self,
                                             const char     *field_id,
                                             gboolean       *machine,
                                             gint64         *time);

/* (nullable): what the machine had measured there, if a person has put something else in its place. */
const char *eros_deployment_get_measured (ErosDeployment *self, const char *field_id, gint64 *time);

/* What a person does. Each checks that it is allowed, appends one event, and folds it; when it returns TRUE it is on
 * disk. actor: NULL for the deployment's own. */
gboolean eros_deployment_tick (ErosDeployment *self, const char *element_id, GError **error);
/* Over a check that fails: with a reason. */
gboolean eros_deployment_tick_by_decision (ErosDeployment *self,
                                           const char     *element_id,
                                           const char     *reason,
                                           GError        **error);
gboolean eros_deployment_untick (ErosDeployment *self, const char *element_id, GError **error);
gboolean eros_deployment_set_not_applicable (ErosDeployment *self,
                                             const char     *element_id,
                                             const char     *reason,
                                             GError        **error);
gboolean eros_deployment_set_note (ErosDeployment *self, const char *element_id, const char *text, GError **error);
gboolean eros_deployment_set_value (ErosDeployment *self, const char *field_id, const char *text, GError **error);
/* The same in the place of a measured value, which is a decision and wants a reason. */
gboolean eros_deployment_set_value_by_decision (ErosDeployment *self,
                                                const char     *field_id,
                                                const char     *text,
                                                const char     *reason,
                                                GError        **error);
gboolean eros_deployment_sign (ErosDeployment *self, const char *element_id, const char *name, GError **error);
/* values: (nullable) field id → text. reason: why a success all the same, "" if nothing contradicts it. */
gboolean eros_deployment_sign_with (ErosDeployment *self,
                                    const char     *element_id,
                                    const char     *name,
                                    GHashTable     *values,
                                    const char     *reason,
                                    GError        **error);
/* The same, looked at before and not done. contradictions: (out) what it wants a reason against. */
gboolean eros_deployment_preview_signature (ErosDeployment *self,
                                            const char     *element_id,
                                            const char     *name,
                                            GHashTable     *values,
                                            GStrv          *contradictions,
                                            GError        **error);
gboolean eros_deployment_override (ErosDeployment *self,
                                   const char     *gate_id,
                                   const char     *name,
                                   const char     *reason,
                                   GError        **error);
/* Whether a person's name may stand on record: one line of text. */
gboolean eros_deployment_check_name (const char *name, GError **error);
/* Of an override, a signature, or a mark over a check that failed. */
gboolean eros_deployment_withdraw (ErosDeployment *self, const char *target_id, const char *reason, GError **error);
/* Takes back the last tick, note or field that has not been taken back. Decisions are withdrawn instead; what the
 * machine has found stays. */
gboolean   eros_deployment_undo (ErosDeployment *self, GError **error);
gboolean   eros_deployment_can_undo (ErosDeployment *self,
                                     char          **what); /* what: "Tick “Product Owner approval received”" */
ErosEvent *eros_deployment_find_undoable (
  ErosDeployment *self); /* (nullable) (transfer none): what it would take back */

/* What the machine records. */
/* Ticks an open check on PASS; unticks a machine's tick on FAIL; ERROR and WARNING leave the mark, as does a person's
 * mark always. Evidence: no floating-point numbers, decimals are strings. */
gboolean eros_deployment_record_check (ErosDeployment *self,
                                       const char     *element_id,
                                       ErosOutcome     outcome,
                                       const char     *summary,
                                       JsonNode       *evidence,
                                       GError        **error);
gboolean eros_deployment_record_value (ErosDeployment *self,
                                       const char     *field_id,
                                       const char     *value,
                                       JsonNode       *evidence,
                                       GError        **error);
/* Free-form machine events whose fold is the controller's: "operation.started", "job.planned" … (docs/journal.md) */
ErosEvent *eros_deployment_record (ErosDeployment *self, const char *kind, JsonNode *body, GError **error);

/* Whether an action ("tick", "untick", "not-applicable", "note", "set", "sign", "override", "withdraw", "undo", "run")
 * on an element, phase or operation is allowed now. reason: (out) (optional): a sentence for people: what is missing.
 * gate: (out) (optional): the gate in the way. */
gboolean eros_deployment_allows (ErosDeployment *self,
                                 const char     *action,
                                 const char     *target_id,
                                 char          **reason,
                                 ErosGate      **gate);
/* Whether something speaks against signing there, and nothing but boxes that are sums of others and a rollback after
 * which it was deployed again. */
gboolean eros_deployment_is_contradicted_lightly (ErosDeployment *self, const char *element_id);
/* Whether a rollback came after the last operation of this kind, which deployed, compared or watched. */
gboolean eros_deployment_was_taken_back (ErosDeployment *self, const char *operation);
/* What stands in the way: a gate that is closed. */
typedef struct
{
  ErosGate *gate;     /* (transfer none) the runbook's */
  char     *missing;  /* what is not done, for people */
  char    **elements; /* ids: what it is about, for a page to lead to */
} ErosObstacle;
void eros_obstacle_free (ErosObstacle *self);
/* Whether gates that want a rehearsal with the same SQL do so here: in production. */
gboolean eros_deployment_wants_rehearsal (ErosDeployment *self);
/* All that stands in the way of an element or operation, at once. (transfer full) (element-type ErosObstacle) */
GPtrArray *eros_deployment_list_obstacles (ErosDeployment *self, const char *target_id);
/* The template with every placeholder that is known filled in. unfilled: (out) names of those that are not. */
/* The e-mail addresses that are known: the lead’s, and those of the contacts; each once. (transfer full) */
char **eros_deployment_list_addresses (ErosDeployment *self);
/* Records that a message was sent: to whom, and with which subject. */
gboolean eros_deployment_record_message (ErosDeployment *self,
                                         const char     *element_id,
                                         const char     *recipients,
                                         const char     *subject,
                                         GError        **error);
/* (nullable) (transfer none): when it was sent last, and to whom. */
ErosEvent *eros_deployment_find_message (ErosDeployment *self, const char *element_id);
char *eros_deployment_fill_template (ErosDeployment *self, const char *element_id, char **subject, GStrv *unfilled);
char *eros_deployment_fill_subject (ErosDeployment *self, const char *element_id);

G_END_DECLS
