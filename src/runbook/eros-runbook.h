/* eros-runbook.h: the definition of a deployment, read from JSON; knows nothing of any one deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include "eros-element.h"
#include "eros-operation-kind.h"
#include "eros-step-files.h"

G_BEGIN_DECLS

#define EROS_RUNBOOK_ERROR (eros_runbook_error_quark ())
typedef enum
{
  EROS_RUNBOOK_ERROR_TOO_LARGE,
  EROS_RUNBOOK_ERROR_NOT_JSON,
  EROS_RUNBOOK_ERROR_INVALID, /* message: FILE: JSON PATH: reason */
} ErosRunbookError;
GQuark eros_runbook_error_quark (void);

#define EROS_TYPE_SECTION (eros_section_get_type ())
G_DECLARE_FINAL_TYPE (ErosSection, eros_section, EROS, SECTION, GObject)
const char *eros_section_get_id (ErosSection *self);
const char *eros_section_get_title (ErosSection *self);
GListModel *eros_section_get_elements (ErosSection *self); /* of ErosElement, in the order of the page */

#define EROS_TYPE_PHASE (eros_phase_get_type ())
G_DECLARE_FINAL_TYPE (ErosPhase, eros_phase, EROS, PHASE, GObject)
const char *eros_phase_get_id (ErosPhase *self);
guint       eros_phase_get_number (ErosPhase *self);
const char *eros_phase_get_title (ErosPhase *self);       /* as on paper: “Pre-Deployment Preparation” */
const char *eros_phase_get_short_title (ErosPhase *self); /* for the sidebar: “Preparation” */
gboolean eros_phase_is_contingency (ErosPhase *self);  /* only conducted when needed (Rollback): not part of progress */
GListModel *eros_phase_get_sections (ErosPhase *self); /* of ErosSection */

/* A condition that must hold before an action is allowed. */
typedef enum
{
  EROS_GATE_ITEMS,          /* every listed check is ticked or not applicable */
  EROS_GATE_SIGN_OFFS,      /* every listed sign-off is signed */
  EROS_GATE_PHASES,         /* every listed phase is complete */
  EROS_GATE_REHEARSED,      /* every listed operation has ended well, with the same SQL, where it is not production */
  EROS_GATE_PROVED,         /* the way back from every listed operation, with the same SQL, has been proved on a copy */
  EROS_GATE_ANOTHER_PERSON, /* every listed sign-off is signed by somebody who has not prepared the deployment */
  EROS_GATE_ANNOUNCED, /* in every listed field stands what was announced, and when: some hours before the window */
  EROS_GATE_WINDOW,    /* it is within the window */
} ErosGateKind;
#define EROS_TYPE_GATE (eros_gate_get_type ())
G_DECLARE_FINAL_TYPE (ErosGate, eros_gate, EROS, GATE, GObject)
const char        *eros_gate_get_id (ErosGate *self);
ErosGateKind       eros_gate_get_kind (ErosGate *self);
const char        *eros_gate_get_title (ErosGate *self);    /* what it protects, for people */
const char *const *eros_gate_get_guards (ErosGate *self);   /* ids of operations, phases or elements it guards */
const char *const *eros_gate_get_requires (ErosGate *self); /* ids of elements or phases that must be done */
gboolean           eros_gate_may_override (ErosGate *self);
/* (nullable): an operation that waits for the gate also wants this one to have ended well. hours: (out): no longer ago.
 */
const char *eros_gate_get_recent (ErosGate *self, guint *hours);
guint       eros_gate_get_hours_ahead (ErosGate *self); /* ANNOUNCED: of the window's start */
gboolean    eros_gate_looks_again (ErosGate *self);

#define EROS_TYPE_RUNBOOK (eros_runbook_get_type ())
G_DECLARE_FINAL_TYPE (ErosRunbook, eros_runbook, EROS, RUNBOOK, GObject)

ErosRunbook *eros_runbook_load (GFile *file, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosRunbook *eros_runbook_load_default (GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosRunbook *eros_runbook_parse (const char *text,
                                 gssize      length,
                                 const char *name, /* shown in errors */
                                 GError    **error) G_GNUC_WARN_UNUSED_RESULT;
/* The copy that a deployment keeps. */
ErosRunbook *eros_runbook_parse_recorded (const char *text, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void eros_runbook_load_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ErosRunbook *eros_runbook_load_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *eros_runbook_get_id (ErosRunbook *self);
const char *eros_runbook_get_title (ErosRunbook *self);
const char *eros_runbook_get_version (ErosRunbook *self);
const char *eros_runbook_get_overview (ErosRunbook *self);
const char *eros_runbook_get_sha256 (ErosRunbook *self); /* of eros_runbook_get_json (), lower-case hex */
/* The whole runbook, self-contained (files it names are inlined), as JSON text that eros_runbook_parse () accepts.
 * It is written into each deployment's first event. */
const char *eros_runbook_get_json (ErosRunbook *self);

/* What its operations send, and expect of the answers: its own, or those that come with the program. (transfer none) */
ErosStepFiles *eros_runbook_get_steps (ErosRunbook *self);

GListModel *eros_runbook_get_phases (ErosRunbook *self);  /* of ErosPhase, by number */
GListModel *eros_runbook_get_details (ErosRunbook *self); /* of ErosField: deployment date, lead, backup location … */
GListModel *eros_runbook_get_appendix (
  ErosRunbook *self); /* of ErosSection: contacts, escalation, quick reference, revision history */
GListModel *eros_runbook_get_gates (ErosRunbook *self); /* of ErosGate */
/* What an engagement of each price tier is worth: a line “TIER, tab, DECIMAL” each; "": 1 everywhere. */
const char  *eros_runbook_get_worths (ErosRunbook *self);
ErosElement *eros_runbook_find_element (ErosRunbook *self, const char *id); /* (nullable) (transfer none) */
ErosField   *eros_runbook_find_field (ErosRunbook *self, const char *id);   /* (nullable) (transfer none) */
ErosPhase   *eros_runbook_find_phase (ErosRunbook *self, const char *id);   /* (nullable) (transfer none) */
/* The phase an element or field stands on; NULL for the appendix and the details. */
ErosPhase *eros_runbook_phase_of (ErosRunbook *self, const char *id);

/* All elements of the phases in the order of the pages, until one matches; (transfer none) (nullable). */
typedef gboolean (*ErosElementPredicate) (ErosElement *element, gpointer user_data);
ErosElement *eros_runbook_find_operation (ErosRunbook *self, const char *kind); /* (nullable) (transfer none) */
/* "deploy-…" of all its pages, in their order. (transfer full) */
char    **eros_runbook_list_deployments (ErosRunbook *self);
ErosGate *eros_runbook_find_gate (ErosRunbook *self, const char *id); /* (nullable) (transfer none) */

G_END_DECLS
