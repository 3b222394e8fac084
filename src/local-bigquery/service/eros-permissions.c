/* eros-permissions.c: who may what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-permissions.h"

#include <string.h>

typedef struct
{
  char *permission;
  char *resource; /* NULL: everywhere */
} Denial;

struct _ErosPermissions
{
  GMutex lock;
  GPtrArray *denials;
};

static void
denial_free (Denial *denial)
{
  g_free (denial->permission);
  g_free (denial->resource);
  g_free (denial);
}

/**
 * eros_permissions_new:
 *
 * Returns: (transfer full): everything is allowed
 */
ErosPermissions *
eros_permissions_new (void)
{
  ErosPermissions *permissions = g_new0 (ErosPermissions, 1);

  g_mutex_init (&permissions->lock);
  permissions->denials = g_ptr_array_new_with_free_func ((GDestroyNotify) denial_free);
  return permissions;
}

/**
 * eros_permissions_free:
 * @permissions: (transfer full): the permissions
 */
void
eros_permissions_free (ErosPermissions *permissions)
{
  g_ptr_array_unref (permissions->denials);
  g_mutex_clear (&permissions->lock);
  g_free (permissions);
}

/**
 * eros_permissions_deny:
 * @permissions: the permissions
 * @permission: as Google names it, `bigquery.tables.get`
 * @resource: (nullable): `dataset`, `dataset.table`, a bucket's name, or `projects/PROJECT` for what is
 * granted on the project and may still be granted below it; %NULL for everything
 *
 * Takes @permission away.
 */
void
eros_permissions_deny (ErosPermissions *permissions, const char *permission, const char *resource)
{
  Denial *denial = g_new0 (Denial, 1);

  denial->permission = g_strdup (permission);
  denial->resource = g_strdup (resource);
  g_mutex_lock (&permissions->lock);
  g_ptr_array_add (permissions->denials, denial);
  g_mutex_unlock (&permissions->lock);
}

/**
 * eros_permissions_clear:
 * @permissions: the permissions
 *
 * Allows everything again.
 */
void
eros_permissions_clear (ErosPermissions *permissions)
{
  g_mutex_lock (&permissions->lock);
  g_ptr_array_set_size (permissions->denials, 0);
  g_mutex_unlock (&permissions->lock);
}

/**
 * eros_permissions_is_everything:
 * @permissions: the permissions
 *
 * Returns: whether nothing is denied
 */
gboolean
eros_permissions_is_everything (ErosPermissions *permissions)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&permissions->lock);

  return permissions->denials->len == 0;
}

/* What is denied on a data set is denied on its tables. */
static gboolean
covers (const char *denied, const char *resource)
{
  gsize length;

  if (denied == NULL)
    return TRUE;
  if (resource == NULL || !g_str_has_prefix (resource, denied))
    return FALSE;
  length = strlen (denied);
  return resource[length] == '\0' || resource[length] == '.';
}

/**
 * eros_permissions_allow:
 * @permissions: the permissions
 * @permission: as Google names it
 * @resource: (nullable): what it is about, as in eros_permissions_deny()
 *
 * Returns: whether it is allowed
 */
gboolean
eros_permissions_allow (ErosPermissions *permissions, const char *permission, const char *resource)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&permissions->lock);

  for (guint i = 0; i < permissions->denials->len; i++)
    {
      Denial *denial = g_ptr_array_index (permissions->denials, i);

      if (strcmp (denial->permission, permission) == 0 && covers (denial->resource, resource))
        return FALSE;
    }
  return TRUE;
}
