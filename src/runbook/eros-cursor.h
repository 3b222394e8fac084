/* eros-cursor.h: reads a runbook's JSON strictly: every member known, typed, and every id that is named there
 *
 * A cursor stands on one object. Getters after a failure do nothing, so that a caller reads a whole object and asks
 * once whether all was well. References are resolved at the end, when all ids are known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "eros-step-files.h"

G_BEGIN_DECLS

/* What an id stands for. Operations have names of their own: a phase and an operation may both be “backup”. */
typedef enum
{
  EROS_ID_PHASE = 1 << 0,
  EROS_ID_SECTION = 1 << 1,
  EROS_ID_ELEMENT = 1 << 2,
  EROS_ID_CHECK = 1 << 3,
  EROS_ID_SIGN_OFF = 1 << 4,
  EROS_ID_FIELD = 1 << 5,
  EROS_ID_NUMERIC_FIELD = 1 << 6,
  EROS_ID_GATE = 1 << 7,
  EROS_ID_OPERATION = 1 << 8,
  EROS_ID_PART = 1 << 9,   /* a machine check, a criterion, a row: named, but never referred to */
  EROS_ID_ENTRY = 1 << 10, /* of a schedule */
  EROS_ID_OPERATION_ELEMENT = 1 << 11,
} ErosIdKind;

typedef struct
{
  const char    *name;        /* of the file, in errors */
  GFile         *folder;      /* (nullable) where the files that it names are looked for first */
  GCancellable  *cancellable; /* (nullable) */
  GHashTable    *ids;
  GHashTable    *operations;
  GPtrArray     *references;
  ErosStepFiles *steps;       /* of the operations */
  gboolean       is_recorded; /* read from a deployment's record: names of another version stay */
  GError        *error;       /* the first failure */
} ErosReader;

typedef struct _ErosCursor ErosCursor;
struct _ErosCursor
{
  ErosReader       *reader;
  const ErosCursor *parent;
  const char       *member;
  int               index; /* -1: not in an array */
  JsonObject       *object;
  GHashTable       *seen;
};

typedef void (*ErosCursorFunc) (ErosCursor *cursor, gpointer user_data);

void     eros_reader_init (ErosReader *self, const char *name, GFile *folder, GCancellable *cancellable);
void     eros_reader_read (ErosReader *self, JsonNode *root, ErosCursorFunc func, gpointer user_data);
gboolean eros_reader_resolve (ErosReader *self);
void     eros_reader_fail_id (ErosReader *self, const char *id, const char *reason);
void     eros_reader_clear (ErosReader *self);

void eros_cursor_fail (ErosCursor *self, const char *member, int index, const char *format, ...) G_GNUC_PRINTF (4, 5);
gboolean eros_cursor_has (ErosCursor *self, const char *member);
char    *eros_cursor_string (ErosCursor *self, const char *member);
char    *eros_cursor_maybe (ErosCursor *self, const char *member);
char   **eros_cursor_strings (ErosCursor *self, const char *member);
gboolean eros_cursor_boolean (ErosCursor *self, const char *member);
gint64   eros_cursor_integer (ErosCursor *self, const char *member, gint64 absent, gint64 minimum, gint64 maximum);
int      eros_cursor_choice (ErosCursor *self, const char *member, const char *const *names);
/* Fails when NAME, which stands in MEMBER, is none of KNOWN. what: “a built-in check” … */
void      eros_cursor_know (ErosCursor        *self,
                            const char        *member,
                            int                index,
                            const char        *name,
                            const char *const *known,
                            const char        *what);
char     *eros_cursor_id (ErosCursor *self, ErosIdKind kind);
char     *eros_cursor_operation (ErosCursor *self, const char *member);
void      eros_cursor_refer (ErosCursor *self, const char *member, int index, const char *id, ErosIdKind kinds);
char     *eros_cursor_reference (ErosCursor *self, const char *member, gboolean required, ErosIdKind kinds);
char    **eros_cursor_references (ErosCursor *self, const char *member, ErosIdKind kinds);
void      eros_cursor_object (ErosCursor *self, const char *member, ErosCursorFunc func, gpointer user_data);
guint     eros_cursor_array (ErosCursor    *self,
                             const char    *member,
                             gboolean       required,
                             ErosCursorFunc func,
                             gpointer       user_data);
JsonNode *eros_cursor_node (ErosCursor *self, const char *member, gboolean required, GType type, const char *what);

G_END_DECLS
