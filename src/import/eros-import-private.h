/* eros-import-private.h: what the readers of a checklist's parts share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "eros-import.h"
#include "eros-markdown.h"

G_BEGIN_DECLS

/* What stands below a heading of the phases' level. */
typedef struct
{
  char      *title;
  guint      line;
  guint      n_actions; /* boxes and sign-offs */
  GPtrArray *sections;  /* of JsonObject */
} ErosImportGroup;

/* A checklist as far as it has been read. */
typedef struct
{
  char       *title;
  char      **lines;  /* of the text that is walked */
  guint       offset; /* lines before the text that is walked */
  int         phase_level;
  GPtrArray  *groups;   /* of ErosImportGroup */
  GPtrArray  *notes;    /* of ErosImportNote */
  GPtrArray  *parents;  /* headings above, by level */
  JsonObject *section;  /* (nullable) */
  JsonObject *last_box; /* (nullable) the newest element, if it is a box without a check */
  char       *label;    /* (nullable) “**Steps:**”, for what follows */
  guint       label_line;
} ErosImportState;

void eros_import_note (ErosImportState *self, cmark_node *node, ErosImportKind kind, const char *text);
void eros_import_note_lines (ErosImportState *self, guint first, guint last, ErosImportKind kind, const char *text);
JsonObject *eros_import_add (ErosImportState *self, const char *kind, const char *text);
void        eros_import_set_fields (JsonObject *element, JsonArray *fields);
/* “ (2 fields: Name, Time)”; "" without. (transfer full) */
char *eros_import_describe_fields (JsonArray *fields);
/* The label that waits, or the heading above. (transfer full) */
char *eros_import_take_label (ErosImportState *self);
/* A label that nothing took is a text. */
void eros_import_flush_label (ErosImportState *self);
void eros_import_add_form (ErosImportState *self, const char *text, JsonArray *fields);
/* Whether these fields are what one person signs with: a name, and a date, a time or a signature. */
gboolean eros_import_is_sign_off (JsonArray *fields);
void     eros_import_add_sign_off (ErosImportState *self, const char *label, const char *role, JsonArray *fields);

/* Each reads what the node holds, and adds elements to the section. */
void eros_import_block (ErosImportState *self, cmark_node *node);
void eros_import_paragraph (ErosImportState *self, cmark_node *paragraph);
void eros_import_list (ErosImportState *self, cmark_node *list);
void eros_import_table (ErosImportState *self, cmark_node *table);
/* BOX: (nullable): in which it stands */
void eros_import_code (ErosImportState *self, cmark_node *block, JsonObject *box);
/* Whether LINES are a message, and then adds it. */
gboolean eros_import_message (ErosImportState *self, const char *text, guint first, guint last);

/* Whether TEXT begins with a box; *REST: what stands behind it. */
gboolean    eros_import_is_box (const char *text, const char **rest);
JsonObject *eros_import_add_box (ErosImportState *self, const char *text, guint first, guint last);

/* The whole, without ids. (transfer full) */
JsonObject *eros_import_outline (ErosImportState *self, const char *text, const char *name, GError **error);
/* Fills in the ids. EARLIER: (nullable): whose ids stay; the counts are of those. */
void eros_import_identify (JsonObject *runbook, JsonObject *earlier, ErosImport *counts);

G_END_DECLS
