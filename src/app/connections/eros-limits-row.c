/* eros-limits-row.c: what the jobs of a connection may cost and take
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-limits-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-form-row.h"
#include "eros-limits.h"

enum
{
  BUDGET,
  TIMEOUT,
  PRICE,
  N_LIMITS
};

struct _ErosLimitsRow
{
  AdwExpanderRow parent_instance;

  gint64 values[N_LIMITS];
  char *shown[N_LIMITS]; /* what stood there at first: a text may say less exactly what the value is */

  ErosFormRow *rows[N_LIMITS];
};

G_DEFINE_FINAL_TYPE (ErosLimitsRow, eros_limits_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  PROP_VALID = 1,
  N_PROPS
};

enum
{
  SIGNAL_LEFT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const limits[N_LIMITS] = { "budget-bytes", "timeout-ms", "cents-per-tib" };

static char *
check (const char *text, gpointer property)
{
  g_autoptr (GError) error = NULL;
  gint64 value;

  return eros_limits_parse (property, text, &value, &error) ? NULL : g_strdup (error->message);
}

static void
describe (ErosLimitsRow *self)
{
  g_autofree char *budget = eros_limits_format (limits[BUDGET], self->values[BUDGET]);
  g_autofree char *timeout = eros_limits_format (limits[TIMEOUT], self->values[TIMEOUT]);
  g_autofree char *price = eros_limits_format (limits[PRICE], self->values[PRICE]);
  g_autofree char *text =
    *budget != '\0'
      /* Translators: %1$s: “50 GiB”, %2$s: “60” (seconds), %3$s: “6.25” */
      ? g_strdup_printf (_ ("A query may bill %1$s, a job may take %2$s s, a TiB costs US$ %3$s"), budget,
                         timeout, price)
      /* Translators: %1$s: “60” (seconds), %2$s: “6.25” */
      : g_strdup_printf (_ ("No budget, a job may take %1$s s, a TiB costs US$ %2$s"), timeout, price);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
  eros_accessible_describe (GTK_WIDGET (self), text, FALSE);
}

static void
show_value (ErosLimitsRow *self, guint limit)
{
  g_free (self->shown[limit]);
  self->shown[limit] = eros_limits_format (limits[limit], self->values[limit]);
  g_object_set (self->rows[limit], "text", self->shown[limit], NULL);
}

/* Whether a line says something else than before. */
static gboolean
take (ErosLimitsRow *self, guint limit)
{
  const char *text = eros_form_row_get_text (self->rows[limit]);

  return g_strcmp0 (text, self->shown[limit]) != 0 &&
         eros_limits_parse (limits[limit], text, &self->values[limit], NULL);
}

static void
left_cb (ErosLimitsRow *self)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < N_LIMITS; i++)
    if (take (self, i))
      {
        show_value (self, i);
        changed = TRUE;
      }
  if (!changed)
    return;
  describe (self);
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

static void
error_cb (ErosLimitsRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALID]);
}

static void
eros_limits_row_finalize (GObject *object)
{
  for (guint i = 0; i < N_LIMITS; i++)
    g_free (EROS_LIMITS_ROW (object)->shown[i]);

  G_OBJECT_CLASS (eros_limits_row_parent_class)->finalize (object);
}

static void
eros_limits_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_VALID)
    g_value_set_boolean (value, eros_limits_row_get_valid (EROS_LIMITS_ROW (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
eros_limits_row_class_init (ErosLimitsRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[N_LIMITS] = { "budget", "timeout", "price" };

  object_class->finalize = eros_limits_row_finalize;
  object_class->get_property = eros_limits_row_get_property;

  properties[PROP_VALID] = g_param_spec_boolean (
    "valid", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_LEFT] =
    g_signal_new ("left", EROS_TYPE_LIMITS_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (EROS_TYPE_FORM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/limits-row.ui");
  for (guint i = 0; i < N_LIMITS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, names[i], FALSE,
                                               G_STRUCT_OFFSET (ErosLimitsRow, rows) +
                                                 (gssize) (i * sizeof (ErosFormRow *)));
}

static void
eros_limits_row_init (ErosLimitsRow *self)
{
  g_autoptr (ErosConnection) usual = eros_connection_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  for (guint i = 0; i < N_LIMITS; i++)
    {
      eros_form_row_set_check (self->rows[i], check, (gpointer) limits[i]);
      g_signal_connect_object (self->rows[i], "notify::error", G_CALLBACK (error_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->rows[i], "left", G_CALLBACK (left_cb), self, G_CONNECT_SWAPPED);
    }
  eros_limits_row_show (self, usual);
}

/**
 * eros_limits_row_show:
 * @self: a row
 * @connection: a connection
 *
 * Shows the limits of @connection.
 */
void
eros_limits_row_show (ErosLimitsRow *self, ErosConnection *connection)
{
  g_return_if_fail (EROS_IS_LIMITS_ROW (self));

  for (guint i = 0; i < N_LIMITS; i++)
    {
      g_object_get (connection, limits[i], &self->values[i], NULL);
      show_value (self, i);
    }
  describe (self);
}

/**
 * eros_limits_row_apply:
 * @self: a row
 * @connection: a connection
 *
 * Gives @connection the limits that stand there; in place of one that will not do, the one before.
 */
void
eros_limits_row_apply (ErosLimitsRow *self, ErosConnection *connection)
{
  g_return_if_fail (EROS_IS_LIMITS_ROW (self));

  for (guint i = 0; i < N_LIMITS; i++)
    {
      take (self, i);
      g_object_set (connection, limits[i], self->values[i], NULL);
    }
}

/**
 * eros_limits_row_get_valid:
 * @self: a row
 *
 * Returns: whether everything that stands there will do
 */
gboolean
eros_limits_row_get_valid (ErosLimitsRow *self)
{
  for (guint i = 0; i < N_LIMITS; i++)
    if (eros_form_row_get_error (self->rows[i]) != NULL)
      return FALSE;
  return TRUE;
}
