/* eros-newest-first.c: a list from its end
 *
 * Copies nothing: a journal may have very many events, of which few are ever looked at.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-newest-first.h"

struct _ErosNewestFirst
{
  GObject parent_instance;

  GListModel *model;
};

static void eros_newest_first_init_list (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ErosNewestFirst,
                               eros_newest_first,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, eros_newest_first_init_list))

static GType
get_item_type (GListModel *list)
{
  return g_list_model_get_item_type (EROS_NEWEST_FIRST (list)->model);
}

static guint
get_n_items (GListModel *list)
{
  return g_list_model_get_n_items (EROS_NEWEST_FIRST (list)->model);
}

static gpointer
get_item (GListModel *list, guint position)
{
  guint n = get_n_items (list);

  return position < n ? g_list_model_get_item (EROS_NEWEST_FIRST (list)->model, n - 1 - position) : NULL;
}

static void
eros_newest_first_init_list (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
changed_cb (ErosNewestFirst *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), get_n_items (G_LIST_MODEL (self)) - position - added,
                              removed, added);
}

static void
eros_newest_first_finalize (GObject *object)
{
  g_object_unref (EROS_NEWEST_FIRST (object)->model);

  G_OBJECT_CLASS (eros_newest_first_parent_class)->finalize (object);
}

static void
eros_newest_first_class_init (ErosNewestFirstClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_newest_first_finalize;
}

static void
eros_newest_first_init (ErosNewestFirst *self)
{
}

/**
 * eros_newest_first_new:
 * @model: a list
 *
 * Returns: (transfer full): a view of @model that begins with its last item
 */
GListModel *
eros_newest_first_new (GListModel *model)
{
  ErosNewestFirst *self = g_object_new (EROS_TYPE_NEWEST_FIRST, NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return G_LIST_MODEL (self);
}
