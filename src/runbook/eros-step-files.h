/* eros-step-files.h: the texts of a runbook's operations: SQL, and what is expected of its answers
 *
 * A folder for each set of steps, in it one for each step, in it its texts: "phase1/10-score/deploy.sql". They come
 * with the program, from a folder, or out of a runbook that holds its own; who reads them need not know which.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ErosStepFiles ErosStepFiles;

ErosStepFiles *eros_step_files_load (GFile        *folder,
                                     GCancellable *cancellable,
                                     GError      **error) G_GNUC_WARN_UNUSED_RESULT;
/* texts: path → text, as eros_step_files_to_json () gives it. origin: what stands before a path in errors. */
ErosStepFiles *eros_step_files_new (JsonObject *texts, const char *origin);
/* Those that come with the program. (transfer none) */
ErosStepFiles *eros_step_files_get_default (void);
ErosStepFiles *eros_step_files_ref (ErosStepFiles *self);
void           eros_step_files_unref (ErosStepFiles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStepFiles, eros_step_files_unref)

/* (nullable): there is no such file. */
const char *eros_step_files_get (ErosStepFiles *self, const char *path);
/* What is directly below a folder, "" for the top, in order; empty when nothing is. (transfer full) */
char **eros_step_files_list (ErosStepFiles *self, const char *folder);
/* The sets that can be deployed and taken back, in order. (transfer full) */
char **eros_step_files_list_deployable (ErosStepFiles *self);
/* A file's name for people. (transfer full) */
char       *eros_step_files_describe (ErosStepFiles *self, const char *path);
JsonObject *eros_step_files_to_json (ErosStepFiles *self);

G_END_DECLS
