/* eros-pdf-object.h: the values that a PDF is made of, read strictly and written back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_PDF_NULL,
  EROS_PDF_BOOLEAN,
  EROS_PDF_INTEGER,
  EROS_PDF_REAL,
  EROS_PDF_STRING,
  EROS_PDF_NAME,
  EROS_PDF_ARRAY,
  EROS_PDF_DICTIONARY,
  EROS_PDF_REFERENCE,
} ErosPdfType;

typedef struct _ErosPdfObject ErosPdfObject;
struct _ErosPdfObject
{
  ErosPdfType type;
  gsize       start, end; /* where it stands in the text it was read from */
  gint64      integer;    /* INTEGER, BOOLEAN; REFERENCE: the object's number */
  guint       generation; /* REFERENCE */
  char       *text;       /* NAME, without “/”; REAL, as written */
  GBytes     *bytes;      /* STRING, decoded */
  gboolean    is_hex;     /* STRING: written between angle brackets */
  GPtrArray  *items;      /* ARRAY: values; DICTIONARY: values, in the order of the keys */
  GPtrArray  *keys;       /* DICTIONARY */
  GHashTable *index;      /* (nullable) DICTIONARY of many keys: key → value */
};

/* Reads the value at *position, which is moved behind it. */
ErosPdfObject *eros_pdf_parse (const char *data, gsize length, gsize *position, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void eros_pdf_object_free (ErosPdfObject *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosPdfObject, eros_pdf_object_free)

gboolean eros_pdf_is_space (char c);
/* Moves *position behind KEYWORD and the white space before it; FALSE when something else stands there. */
gboolean eros_pdf_take (const char *data, gsize length, gsize *position, const char *keyword);
gboolean eros_pdf_take_number (const char *data, gsize length, gsize *position, gint64 *number);

/* NULL, FALSE when SELF is no dictionary (or NULL), the key is absent or its value of another type. */
const ErosPdfObject *eros_pdf_get (const ErosPdfObject *self, const char *key);
const ErosPdfObject *eros_pdf_get_typed (const ErosPdfObject *self, const char *key, ErosPdfType type);
gboolean             eros_pdf_get_integer (const ErosPdfObject *self, const char *key, gint64 *integer);
gboolean             eros_pdf_has_name (const ErosPdfObject *self, const char *key, const char *name);
guint                eros_pdf_length (const ErosPdfObject *self); /* of an array; 0 for anything else */
const ErosPdfObject *eros_pdf_item (const ErosPdfObject *self, guint i);
gboolean             eros_pdf_equal (const ErosPdfObject *a, const ErosPdfObject *b);

void eros_pdf_write (GString *out, const ErosPdfObject *self);
/* A dictionary without its brackets and without the keys in OMIT. */
void eros_pdf_write_members (GString *out, const ErosPdfObject *self, const char *const *omit);
/* Text as a string that every reader shows right: ASCII as it is, anything else as UTF-16BE. */
void eros_pdf_write_text (GString *out, const char *text);

G_END_DECLS
