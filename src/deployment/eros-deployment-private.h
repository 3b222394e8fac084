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
  gboolean     decided;    /* a person has marked it since the last check */
  const char  *actor;
  gint64       time;
  const char  *note;
  const char  *reason;
  ErosOutcome  outcome;
  const char  *summary;
  JsonNode    *evidence;
  gboolean     retracted;
} ErosItemState;

ErosItem *eros_item_new (ErosElement *element);
/* Takes over STATE and notifies what is different. */
void eros_item_publish (ErosItem *self, const ErosItemState *state);
/* Whether it counts for progress: a check or a sign-off. */
gboolean eros_item_counts (ErosItem *self);
/* Done, and the machine does not say otherwise. */
gboolean eros_item_is_settled (ErosItem *self);

ErosPhaseProgress *eros_phase_progress_new (ErosPhase *phase, GPtrArray *items);
void               eros_phase_progress_update (ErosPhaseProgress *self);

/* A field's value and the event it is from; neither while nobody has filled it in. */
typedef struct
{
  const char *value;
  ErosEvent  *event;
} ErosFieldState;

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
  GHashTable          *fields;    /* field id → ErosFieldState */
  GHashTable          *owners;    /* field id → ErosItem of the element that it stands on */
  GHashTable          *sourced;   /* field id → char *: its value while nobody has filled it in */
  GHashTable          *followers; /* field id → GPtrArray of ids: whose value it is while they are blank */
  GHashTable          *overrides; /* gate id → ErosEvent */
  GHashTable          *histories; /* "element:ID", "field:ID", "gate:ID" → GPtrArray of ErosEvent */
  GHashTable          *undone;    /* set of ErosEvent */
  GPtrArray           *acts;      /* of ErosEvent: what people did and may take back, the last one last */
  ErosEvent           *rollback;  /* (nullable) the last rollback that ended well */
};

/* The fold (eros-deployment-fold.c). */
void eros_deployment_fold_all (ErosDeployment *self);
void eros_deployment_fold_event (ErosDeployment *self, ErosEvent *event);
/* Whether this room folds events of that kind, so that nobody else may write them. */
gboolean eros_deployment_owns_kind (const char *kind);
/* (transfer full): “Tick “…””, for the undo of it. */
char *eros_deployment_describe_act (ErosDeployment *self, ErosEvent *event);
/* "field-changed" */
void eros_deployment_emit_field_changed (ErosDeployment *self, const char *field_id);

/* The rules (eros-deployment-rules.c): as eros_deployment_allows (), with an error. */
gboolean    eros_deployment_check_action (ErosDeployment *self,
                                          const char     *action,
                                          const char     *target_id,
                                          ErosGate      **gate,
                                          GError        **error);
const char *eros_deployment_label_of (ErosElement *element);

/* Blank fields whose source is a setting or another field (eros-template.c). */
void                 eros_deployment_update_sourced (ErosDeployment *self, ErosField *field);
JsonNode            *eros_deployment_setup_to_json (const ErosDeploymentSetup *setup);
ErosDeploymentSetup *eros_deployment_setup_from_json (JsonObject *object);
gboolean             eros_deployment_setup_check (const ErosDeploymentSetup *setup, GError **error);

G_END_DECLS
