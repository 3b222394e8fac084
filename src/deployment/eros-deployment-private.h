/* eros-deployment-private.h: what the files of this room share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_ACTOR_MACHINE "machine"

/* The state of an item as the fold makes it; its texts belong to the events. */
typedef struct
{
  ErosItemMark mark;
  gboolean     by_machine; /* the mark */
  gboolean     failed;     /* the machine's last word; that it could not look is none */
  gboolean     decided;    /* a person has marked it since it failed */
  gboolean     is_signed;
  gboolean     nameless; /* it is signed with a name beside it, and there is none */
  const char  *actor;
  gint64       time;
  const char  *note;
  const char  *reason;
  ErosOutcome  outcome;
  const char  *summary;
  ErosEvent   *checked; /* (nullable): the last check of it, while it is folded */
  JsonNode    *evidence;
  gboolean     retracted;
} ErosItemState;

ErosItem *eros_item_new (ErosElement *element);
/* Takes over STATE and notifies what is different. */
void eros_item_publish (ErosItem *self, const ErosItemState *state);
/* Whether it counts for progress: a check or a sign-off. */
gboolean eros_item_counts (ErosItem *self);
/* It has its mark, and the name that this kind of box wants. */
gboolean eros_item_is_done (ErosItem *self);
/* Done, and the machine does not say otherwise, or somebody has decided over it. */
gboolean eros_item_is_settled (ErosItem *self);
void     eros_item_set_nameless (ErosItem *self, gboolean nameless);

ErosPhaseProgress *eros_phase_progress_new (ErosPhase *phase, GPtrArray *items);
void               eros_phase_progress_update (ErosPhaseProgress *self);

/* A field's value and the event it is from; neither while nobody has filled it in. */
typedef struct
{
  const char *value;
  ErosEvent  *event;
  ErosEvent  *measured; /* (nullable): the machine's last word on it */
} ErosFieldState;

/* A look at what is deployed that could look. */
typedef struct
{
  gint64     started; /* microseconds since 1970 */
  ErosEvent *ended;
} ErosRound;

/* What follows for a box from other boxes, operations and criteria. */
typedef struct
{
  ErosOutcome outcome; /* NOT_ENOUGH: something is not there yet; NONE: nothing is */
  char       *summary;
  char      **against; /* codes of what is open or says otherwise: what a decision is about */
  gint64      time;    /* of the last part that it is made of */
} ErosSum;

/* A window that the deployment had, from some moment on: in microseconds since 1970, 0: it is not known. */
typedef struct
{
  gint64 since;
  gint64 start;
  gint64 end;
} ErosWindowTimes;

struct _ErosDeployment
{
  GObject              parent_instance;
  ErosRunbook         *runbook;
  ErosJournal         *journal;
  ErosDeploymentSetup *setup;
  char                *id;
  char                *actor;
  GListStore          *progress;  /* of ErosPhaseProgress */
  GHashTable          *items;     /* element id → ErosItem */
  GHashTable          *placed;    /* ErosPhase, or the runbook for its appendix → GPtrArray of ErosItem, in order */
  GHashTable          *fields;    /* field id → ErosFieldState */
  GHashTable          *owners;    /* field id → ErosItem of the element that it stands on */
  GHashTable          *sourced;   /* field id → char *: its value while nobody has filled it in */
  GHashTable          *followers; /* field id → GPtrArray of ids: whose value it is while they are blank */
  GHashTable          *overrides; /* gate id → ErosEvent */
  GHashTable          *histories; /* "element:ID", "field:ID", "gate:ID" → GPtrArray of ErosEvent */
  GHashTable          *undone;    /* set of ErosEvent */
  GPtrArray           *all_criteria; /* of ErosCriterion of the runbook, in its order */
  double               error;        /* the share of each criterion that is estimated */
  GHashTable   *criteria;      /* element id → ErosCriterion of the runbook that the box repeats, if it is measured */
  GStringChunk *texts;         /* what the fold itself says */
  GHashTable   *labels;        /* ErosElement → what it is called, made when it is first asked for */
  GPtrArray    *acts;          /* of ErosEvent: what people did and was not taken back, the last one last */
  GPtrArray    *decisions;     /* of ErosDecision, the first one first */
  GHashTable   *decided;       /* ErosEvent → ErosDecision that it is */
  GHashTable   *holding;       /* id of a gate or element → GPtrArray of ErosDecision that nobody has withdrawn */
  GHashTable   *words;         /* id of an element → ErosOutcome, the machine's last word on it */
  GPtrArray    *ends;          /* of ErosEvent: those of steps, the first one first */
  GHashTable   *operations;    /* operation → ErosEvent: its last start or end */
  GPtrArray    *begun;         /* of ErosUnfinished, those that ended well too, the newest first */
  ErosEvent    *rollback;      /* (nullable) the last rollback that ended well */
  ErosEvent    *deployed;      /* (nullable) the last deployment of a phase that ended well */
  GPtrArray    *schedules;     /* of ErosElement, in the order of the pages */
  GPtrArray    *templates;     /* likewise */
  GArray       *rounds;        /* of ErosRound, the first one first */
  gint64        round_started; /* of the round under way; 0: there is none */
  gint64        window_moved;  /* when, the last time; 0: never */
  GArray       *windows;       /* of ErosWindowTimes: once it was moved each that it had, the first one first */
  gint64        round_until;   /* likewise: up to when it fills in what was missed; 0: it does not */
  GHashTable   *filled;        /* gint64: when a slot was due → ErosEvent: the end of what has filled it in */
  gint64        as_of;         /* what a template calls now; 0: what the clock says */
  gint64        ahead;         /* microseconds by which its clock is ahead of this computer's */
  GHashTable   *missed;        /* "ENTRY@SECONDS" of a slot that was missed → why */
  GPtrArray    *summed;        /* of ErosElement: boxes that are sums, in the order of the pages */
  GHashTable   *sums;          /* element id → ErosSum */
  GHashTable   *logs;          /* operation → what it left in the record since it was last begun */
};

/* What EVENT tells of the clock (eros-timeline.c). */
void eros_deployment_note_clock (ErosDeployment *self, ErosEvent *event);

/* What EVENT tells of operations that were begun (eros-unfinished.c). */
GPtrArray *eros_deployment_new_begun (void);
void       eros_deployment_note_begun (ErosDeployment *self, ErosEvent *event);

/* What EVENT tells of rounds (eros-watch.c). */
void eros_deployment_note_round (ErosDeployment *self, ErosEvent *event);

/* Sums (eros-sum.c) */
void           eros_deployment_init_sums (ErosDeployment *self);
void           eros_deployment_add_up (ErosDeployment *self);
gboolean       eros_deployment_touches_sums (ErosDeployment *self, ErosEvent *event);
void           eros_deployment_note_log (ErosDeployment *self, ErosEvent *event);
const ErosSum *eros_deployment_find_sum (ErosDeployment *self, const char *element_id); /* (nullable) */
/* MARKED: (nullable): the event that its mark is from */
void eros_sum_apply (const ErosSum *sum, ErosItemState *state, ErosEvent *marked);

/* The fold (eros-deployment-fold.c). */
/* (nullable): when the machine first looked at an element and could. */
ErosEvent *eros_deployment_find_first_word (ErosDeployment *self, const char *element_id);
/* All fields that show what comes from elsewhere, anew. */
void eros_deployment_update_all_sourced (ErosDeployment *self);
/* The box that the field stands at, whose name it may be, anew. */
void eros_deployment_update_name (ErosDeployment *self, const char *field_id);
void eros_deployment_refold_item (ErosDeployment *self, const char *element_id);
void eros_deployment_fold_all (ErosDeployment *self);
void eros_deployment_fold_event (ErosDeployment *self, ErosEvent *event);
/* Whether this room folds events of that kind, so that nobody else may write them. */
gboolean eros_deployment_owns_kind (const char *kind);
/* (transfer full): “Tick “…””, for the undo of it. */
char *eros_deployment_describe_act (ErosDeployment *self, ErosEvent *event);
/* “Product Owner approval received” of an element, field ("field") or gate; its id where the runbook has none. */
const char *eros_deployment_label_thing (ErosDeployment *self, const char *thing, const char *id);
/* "field-changed" */
void eros_deployment_emit_field_changed (ErosDeployment *self, const char *field_id);

/* The rules (eros-deployment-rules.c): as eros_deployment_allows (), with an error. */
gboolean    eros_deployment_check_action (ErosDeployment *self,
                                          const char     *action,
                                          const char     *target_id,
                                          ErosGate      **gate,
                                          GError        **error);
const char *eros_deployment_label_of (ErosElement *element);
gboolean    eros_deployment_refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Whether GATE stands before what ID names. */
gboolean eros_deployment_guards (ErosGate *gate, const char *id);
/* The first text beside an element: who signs it. "" when it is blank, or there is none. */
const char *eros_deployment_get_name_beside (ErosDeployment *self, ErosElement *element);
/* Whether ELEMENT is a box that is signed with a name, and that is blank. */
gboolean eros_deployment_lacks_name (ErosDeployment *self, ErosElement *element);

/* Acts (eros-deployment-actions.c) */
JsonObject *eros_deployment_body_new (const char *name, const char *value, ...) G_GNUC_NULL_TERMINATED;
/* Takes over BODY. */
gboolean eros_deployment_act (ErosDeployment *self, const char *kind, JsonObject *body, GError **error);
gboolean eros_deployment_refuse_value (GError **error, const char *text);
char    *eros_deployment_tidy (const char *text);
gboolean eros_deployment_check_text (const char *text, GError **error);
gboolean eros_deployment_check_person (const char *name, GError **error);

/* Criteria (eros-criteria.c) */
void eros_deployment_add_criteria (ErosDeployment *self, ErosElement *element);

/* What speaks against a success (eros-contradictions.c), and as sentences (eros-contradiction-text.c) */
/* What speaks against signing ELEMENT, as a success or without saying so. */
JsonArray *eros_deployment_find_all_contradictions (ErosDeployment *self, ErosElement *element, gboolean is_success);
GStrv      eros_deployment_say_contradictions (ErosDeployment *self, JsonArray *list);

/* A name in one form, whatever the blanks and capitals. (transfer full) */
char *eros_deployment_fold_name (const char *name);
/* Adds what is missing until somebody else has signed the sign-off (eros-another-person.c). */
void eros_deployment_add_not_another (ErosDeployment *self, const char *sign_off, GPtrArray *missing);

/* Decisions (eros-deployment-decide.c) */
/* Into the BODY of a mark that a person sets: what speaks against it. */
void       eros_deployment_add_otherwise (ErosDeployment *self, const char *element_id, JsonObject *body);
char      *eros_deployment_describe_done (ErosDeployment *self, ErosEvent *event);
ErosEvent *eros_deployment_find_done_through (ErosDeployment *self, const ErosDecision *decision);
/* (nullable): the last decision on TARGET_ID that holds. */
ErosDecision *eros_deployment_find_decision (ErosDeployment *self, const char *target_id);

/* Blank fields whose source is a setting or another field (eros-template.c). */
void                 eros_deployment_update_sourced (ErosDeployment *self, ErosField *field);
JsonNode            *eros_deployment_setup_to_json (const ErosDeploymentSetup *setup);
ErosDeploymentSetup *eros_deployment_setup_from_json (JsonObject *object);
ErosDeploymentSetup *eros_deployment_setup_normalize (const ErosDeploymentSetup *setup, GError **error);

/* In the form in which it is stored (eros-deployment-values.c). (transfer full) (nullable) */
char *eros_deployment_normalize (ErosDeployment *self, const char *field_id, const char *text, GError **error);
/* (nullable): the element of an operation, by its name (eros-deployment-gates.c) */
ErosElement *eros_deployment_find_operation (ErosDeployment *self, const char *name);
/* What an operation that waits for the gate lacks of what the machine has to have done. (transfer full) (nullable) */
char *eros_deployment_describe_not_recent (ErosDeployment *self, ErosGate *gate);
/* Whether no gate keeps the element waiting. operation: (nullable): the name by which a gate may know it as well.
 * closed: (out) (optional) (transfer none) */
gboolean eros_deployment_check_gates (ErosDeployment *self,
                                      ErosElement    *element,
                                      const char     *operation,
                                      ErosGate      **closed,
                                      GError        **error);

G_END_DECLS
