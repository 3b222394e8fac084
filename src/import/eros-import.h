/* eros-import.h: the runbook that somebody else's checklist, in Markdown, makes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-runbook.h"

G_BEGIN_DECLS

#define EROS_IMPORT_ERROR (eros_import_error_quark ())
typedef enum
{
  EROS_IMPORT_ERROR_NOT_TEXT,
  EROS_IMPORT_ERROR_NOTHING_TO_DO, /* no box, no sign-off */
} ErosImportError;
GQuark eros_import_error_quark (void);

typedef enum
{
  EROS_IMPORT_TITLE,
  EROS_IMPORT_PHASE,
  EROS_IMPORT_OVERVIEW, /* a heading before the first phase … */
  EROS_IMPORT_APPENDIX, /* … and behind the last */
  EROS_IMPORT_SECTION,
  EROS_IMPORT_BOX,
  EROS_IMPORT_FORM,
  EROS_IMPORT_SIGN_OFF,
  EROS_IMPORT_TEMPLATE,
  EROS_IMPORT_COMMAND,
  EROS_IMPORT_CHECK, /* a query that ticks the box before it */
  EROS_IMPORT_TABLE,
  EROS_IMPORT_COMPARISON,
  EROS_IMPORT_LIST,
  EROS_IMPORT_LABEL,   /* of what follows */
  EROS_IMPORT_TEXT,    /* left as text */
  EROS_IMPORT_LEFT_OUT /* says nothing to people: a rule, a comment, a tag */
} ErosImportKind;

/* What became of some lines of the file. */
typedef struct
{
  guint          first; /* from 1 */
  guint          last;
  ErosImportKind kind;
  char          *text; /* for people: the words, and what was found in them */
} ErosImportNote;

typedef struct
{
  char        *json; /* the runbook, indented */
  ErosRunbook *runbook;
  GPtrArray   *notes; /* of ErosImportNote, by line */
  guint        n_boxes;
  guint        n_fields;
  guint        n_sign_offs;
  gboolean     has_earlier; /* a runbook was there before */
  guint        n_kept; /* ids that the earlier runbook had, of those that are recorded: boxes, fields, sign-offs … */
  guint        n_new;
  guint        n_gone;
} ErosImport;

ErosImport *eros_import_read (const char *text, gsize length, const char *name, ErosRunbook *earlier, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void eros_import_free (ErosImport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosImport, eros_import_free)

ErosImport *eros_import_load (GFile *checklist, GFile *output, GCancellable *cancellable, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_import_save (const ErosImport *self, GFile *output, GCancellable *cancellable, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void        eros_import_load_async (GFile              *checklist,
                                    GFile              *output,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
ErosImport *eros_import_load_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

char *eros_import_dup_counts (const ErosImport *self) G_GNUC_WARN_UNUSED_RESULT;
char *eros_import_dup_ids (const ErosImport *self) G_GNUC_WARN_UNUSED_RESULT;
char *eros_import_note_dup_lines (const ErosImportNote *note) G_GNUC_WARN_UNUSED_RESULT;
char *eros_import_note_dup_text (const ErosImportNote *note) G_GNUC_WARN_UNUSED_RESULT;

const char *eros_import_kind_get_name (ErosImportKind kind);

G_END_DECLS
