/* eros-store-document.c: small JSON documents by kind and name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-document.h"
#include "eros-clock.h"
#include "eros-store-private.h"

/**
 * eros_store_document_new:
 * @kind: what it is
 * @name: its name among its kind
 * @body: a JSON object
 *
 * Returns: (transfer full): a document, not stored yet
 */
ErosStoreDocument *
eros_store_document_new (const char *kind, const char *name, const char *body)
{
  ErosStoreDocument *document = g_new0 (ErosStoreDocument, 1);

  document->kind = g_strdup (kind);
  document->name = g_strdup (name);
  document->body = g_strdup (body);
  return document;
}

/**
 * eros_store_document_free:
 * @document: (transfer full) (nullable): a document
 */
void
eros_store_document_free (ErosStoreDocument *document)
{
  if (document == NULL)
    return;
  g_free (document->kind);
  g_free (document->name);
  g_free (document->body);
  g_free (document);
}

static ErosStoreDocument *
read_document (ErosStoreStatement *statement)
{
  ErosStoreDocument *document = eros_store_document_new ((const char *) sqlite3_column_text (statement, 0),
                                                         (const char *) sqlite3_column_text (statement, 1),
                                                         (const char *) sqlite3_column_text (statement, 5));

  document->generation = sqlite3_column_int64 (statement, 2);
  document->created = sqlite3_column_int64 (statement, 3);
  document->modified = sqlite3_column_int64 (statement, 4);
  return document;
}

/* With the service's lock held; @document is NULL when there is none. */
static gboolean
look_up (ErosStore *store, const char *kind, const char *name, ErosStoreDocument **document, GError **error)
{
  g_autoptr (ErosStoreStatement) statement =
    eros_store_service_statement (store, error,
                                  "SELECT kind, name, generation, created, modified, body FROM documents"
                                  " WHERE kind = ? AND name = ?",
                                  "ss", kind, name);
  gboolean row;

  *document = NULL;
  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  if (row)
    *document = read_document (statement);
  return TRUE;
}

/**
 * eros_store_get_document:
 * @store: the store
 * @kind: what it is
 * @name: its name
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable): the document
 */
ErosStoreDocument *
eros_store_get_document (ErosStore *store, const char *kind, const char *name, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  ErosStoreDocument *document;

  if (look_up (store, kind, name, &document, error) && document == NULL)
    g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: %s", name);
  return document;
}

static gboolean
check_generation (const ErosStoreDocument *present, gint64 wanted, GError **error)
{
  gint64 generation = present != NULL ? present->generation : 0;

  if (wanted == EROS_STORE_ANY_GENERATION || wanted == generation)
    return TRUE;
  g_set_error_literal (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CONDITION_NOT_MET,
                       "At least one of the pre-conditions you specified did not hold.");
  return FALSE;
}

/**
 * eros_store_next_generation:
 * @store: the store
 *
 * Returns: a number that no document of this store has had
 */
gint64
eros_store_next_generation (ErosStore *store)
{
  static gint64 last = 0;
  gint64 next;

  g_mutex_lock (&store->lock);
  next = MAX (eros_clock_get_now (), last + 1);
  last = next;
  g_mutex_unlock (&store->lock);
  return next;
}

/**
 * eros_store_put_document:
 * @store: the store
 * @document: what to store; its generation is kept when it has one, its times are filled in
 * @generation: what must be there now
 * @error: return location for an #ErosStoreError; %EROS_STORE_ERROR_CONDITION_NOT_MET when it is not
 *
 * Returns: whether it is stored
 */
gboolean
eros_store_put_document (ErosStore *store, ErosStoreDocument *document, gint64 generation, GError **error)
{
  gint64 next = document->generation != 0 ? document->generation : eros_store_next_generation (store);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  g_autoptr (ErosStoreDocument) present = NULL;

  if (!look_up (store, document->kind, document->name, &present, error) ||
      !check_generation (present, generation, error))
    return FALSE;
  document->generation = next;
  document->modified = eros_clock_get_now ();
  document->created = present != NULL ? present->created : document->modified;
  return eros_store_service_run (
    store, error,
    "INSERT OR REPLACE INTO documents (kind, name, generation, created, modified, body)"
    " VALUES (?, ?, ?, ?, ?, ?)",
    "ssiiis", document->kind, document->name, document->generation, document->created, document->modified,
    document->body);
}

/**
 * eros_store_delete_document:
 * @store: the store
 * @kind: what it is
 * @name: its name
 * @generation: what must be there now
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it was there and is gone
 */
gboolean
eros_store_delete_document (ErosStore *store,
                            const char *kind,
                            const char *name,
                            gint64 generation,
                            GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  g_autoptr (ErosStoreDocument) present = NULL;

  if (!look_up (store, kind, name, &present, error))
    return FALSE;
  if (present == NULL)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: %s", name);
      return FALSE;
    }
  return check_generation (present, generation, error) &&
         eros_store_service_run (store, error, "DELETE FROM documents WHERE kind = ? AND name = ?", "ss",
                                 kind, name);
}

/**
 * eros_store_list_documents:
 * @store: the store
 * @kind: what they are
 * @prefix: (nullable): how their names begin
 * @after: (nullable): the name after which to begin
 * @n_documents: how many at most
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreDocument): the documents by name
 */
GPtrArray *
eros_store_list_documents (ErosStore *store,
                           const char *kind,
                           const char *prefix,
                           const char *after,
                           guint n_documents,
                           GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  g_autoptr (GPtrArray) documents =
    g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_document_free);
  g_autoptr (ErosStoreStatement) statement =
    eros_store_service_statement (store, error,
                                  "SELECT kind, name, generation, created, modified, body FROM documents"
                                  " WHERE kind = ?1 AND name >= ?2 AND substr(name, 1, length(?2)) = ?2"
                                  " AND (?3 IS NULL OR name > ?3) ORDER BY name LIMIT ?4",
                                  "sssi", kind, prefix != NULL ? prefix : "", after, (gint64) n_documents);
  gboolean row = statement != NULL;

  while (row)
    {
      if (!eros_store_step (statement, &row, error))
        return NULL;
      if (row)
        g_ptr_array_add (documents, read_document (statement));
    }
  return statement != NULL ? g_steal_pointer (&documents) : NULL;
}

/**
 * eros_store_get_object_path:
 * @store: the store
 * @generation: of an object
 *
 * Returns: (transfer full): the file that holds its contents
 */
char *
eros_store_get_object_path (ErosStore *store, gint64 generation)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, generation);

  return g_build_filename (store->directory, "objects", name, NULL);
}
