/* eros-conductor.h: conducts a rehearsal from its first phase to its last
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-controller.h"
#include "eros-rehearsal.h"

G_BEGIN_DECLS

/* Whose name stands at what the conductor does for people. */

/* What is said on the way. */
typedef enum
{
  EROS_CONDUCTED_OPEN,     /* it stays so: why */
  EROS_CONDUCTED_LEFT_OUT, /* why */
  EROS_CONDUCTED_CLOCK,    /* it has been set ahead, to then */
  EROS_CONDUCTED_WARNING,  /* what a round of monitoring has found */
} ErosConducted;

/* How many boxes and sign-offs. */
typedef struct
{
  guint machine;
  guint stand_ins;
  guint people;   /* somebody else has done it before */
  guint left_out; /* with a reason */
  guint open;
} ErosConductorTally;
/* For people. (transfer full) */
char *eros_conductor_tally_to_text (const ErosConductorTally *tally);

/* Signals: "phase" (ErosPhase), when one begins; "told" (ErosConducted as int, text, detail: nullable), both for
 * people. Operations and checks are those of the controller. */
#define EROS_TYPE_CONDUCTOR (eros_conductor_get_type ())
G_DECLARE_FINAL_TYPE (ErosConductor, eros_conductor, EROS, CONDUCTOR, GObject)

/* "healthy", "slow" …: how those may fare who work with the data after the deployment. */
const char *const *eros_conductor_list_scenarios (void);
ErosConductor     *eros_conductor_new (ErosController *controller, ErosRehearsal *rehearsal, const char *scenario);
/* The folder of the steps, if they are not the runbook's own. (nullable) */
void     eros_conductor_set_sql (ErosConductor *self, const char *sql);
void     eros_conductor_run_async (ErosConductor      *self,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
gboolean eros_conductor_run_finish (ErosConductor      *self,
                                    GAsyncResult       *result,
                                    ErosConductorTally *tally,
                                    GError            **error);

G_END_DECLS
