/* eros-store-document.h: small JSON documents by kind and name: buckets, objects, transfer configurations
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-store.h"

G_BEGIN_DECLS

typedef struct
{
  char  *kind;
  char  *name;
  gint64 generation; /* never the same twice for one name; given by the store */
  gint64 created;
  gint64 modified;
  char  *body; /* a JSON object */
} ErosStoreDocument;

ErosStoreDocument *eros_store_document_new (const char *kind, const char *name, const char *body);
void               eros_store_document_free (ErosStoreDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoreDocument, eros_store_document_free)

/* Whatever the document's generation is; otherwise one that it must have, 0: it must not be there. */
#define EROS_STORE_ANY_GENERATION (-1)

ErosStoreDocument *eros_store_get_document (ErosStore *store, const char *kind, const char *name, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_put_document (ErosStore *store, ErosStoreDocument *document, gint64 generation, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
gboolean   eros_store_delete_document (ErosStore  *store,
                                       const char *kind,
                                       const char *name,
                                       gint64      generation,
                                       GError    **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *eros_store_list_documents (ErosStore  *store,
                                      const char *kind,
                                      const char *prefix,
                                      const char *after,
                                      guint       n_documents,
                                      GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where the contents of an object of that generation lie. */
char  *eros_store_get_object_path (ErosStore *store, gint64 generation);
gint64 eros_store_next_generation (ErosStore *store);

G_END_DECLS
