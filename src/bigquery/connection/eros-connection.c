/* eros-connection.c: where BigQuery is and how to get in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-connection-private.h"

#include <glib/gi18n-lib.h>

#include "eros-address.h"
#include "eros-name-rules.h"

#define DEFAULT_TIMEOUT_MS  60000
#define LIST_PRICE          625 /* cents a TiB, on demand */
#define DEFAULT_PATIENCE_MS 30000

struct _ErosConnection
{
  GObject parent_instance;

  char *name;
  char *environment;
  char *endpoint;
  char *project;
  char *dataset;
  char *location;
  char *bucket;
  char *learned_location; /* (nullable): where the data set has said that it is */
  ErosSignIn sign_in;
  gint64 budget_bytes;
  gint64 cents_per_tib;
  gint64 timeout_ms;
  gint64 patience_ms;
  gboolean offline;
  gint64 latency;    /* microseconds; 0: nothing was answered yet */
  char *waiting;     /* (nullable): what requests wait for that have failed and are sent again */
  guint n_waiting;   /* such requests */
  gboolean is_valid; /* as it is now; FALSE: or not looked at yet */
};

G_DEFINE_FINAL_TYPE (ErosConnection, eros_connection, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (ErosSignIn,
                    eros_sign_in,
                    G_DEFINE_ENUM_VALUE (EROS_SIGN_IN_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (EROS_SIGN_IN_SERVICE_ACCOUNT, "service-account"),
                    G_DEFINE_ENUM_VALUE (EROS_SIGN_IN_GOOGLE_ACCOUNT, "google-account"),
                    G_DEFINE_ENUM_VALUE (EROS_SIGN_IN_APPLICATION_DEFAULT, "application-default"))

enum
{
  PROP_NAME = 1,
  PROP_ENVIRONMENT,
  PROP_ENDPOINT,
  PROP_PROJECT,
  PROP_DATASET,
  PROP_LOCATION,
  PROP_BUCKET,
  PROP_SIGN_IN,
  PROP_BUDGET_BYTES,
  PROP_CENTS_PER_TIB,
  PROP_TIMEOUT_MS,
  PROP_PATIENCE_MS,
  PROP_OFFLINE,
  PROP_WAITING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* (nullable): the member behind a property that is a text */
static char **
text_of (ErosConnection *self, guint id)
{
  switch (id)
    {
    case PROP_NAME:
      return &self->name;
    case PROP_ENVIRONMENT:
      return &self->environment;
    case PROP_ENDPOINT:
      return &self->endpoint;
    case PROP_PROJECT:
      return &self->project;
    case PROP_DATASET:
      return &self->dataset;
    case PROP_LOCATION:
      return &self->location;
    case PROP_BUCKET:
      return &self->bucket;
    default:
      return NULL;
    }
}

static void
eros_connection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ErosConnection *self = EROS_CONNECTION (object);
  char **text = text_of (self, id);

  if (text != NULL)
    g_value_set_string (value, *text);
  else if (id == PROP_SIGN_IN)
    g_value_set_enum (value, self->sign_in);
  else if (id == PROP_BUDGET_BYTES)
    g_value_set_int64 (value, self->budget_bytes);
  else if (id == PROP_CENTS_PER_TIB)
    g_value_set_int64 (value, self->cents_per_tib);
  else if (id == PROP_TIMEOUT_MS)
    g_value_set_int64 (value, self->timeout_ms);
  else if (id == PROP_PATIENCE_MS)
    g_value_set_int64 (value, self->patience_ms);
  else if (id == PROP_OFFLINE)
    g_value_set_boolean (value, self->offline);
  else if (id == PROP_WAITING)
    g_value_set_string (value, self->waiting);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static gboolean
replace_text (char **text, const char *value)
{
  if (g_strcmp0 (*text, value) == 0)
    return FALSE;
  g_free (*text);
  *text = g_strdup (value);
  return TRUE;
}

static gboolean
replace_number (gint64 *number, gint64 value)
{
  gboolean changed = *number != value;

  *number = value;
  return changed;
}

static void
eros_connection_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ErosConnection *self = EROS_CONNECTION (object);
  char **text = text_of (self, id);
  gboolean changed = FALSE;

  if (text != NULL)
    changed = replace_text (text, g_value_get_string (value));
  else if (id == PROP_SIGN_IN)
    {
      changed = self->sign_in != (ErosSignIn) g_value_get_enum (value);
      self->sign_in = g_value_get_enum (value);
    }
  else if (id == PROP_BUDGET_BYTES)
    changed = replace_number (&self->budget_bytes, g_value_get_int64 (value));
  else if (id == PROP_CENTS_PER_TIB)
    changed = replace_number (&self->cents_per_tib, g_value_get_int64 (value));
  else if (id == PROP_TIMEOUT_MS)
    changed = replace_number (&self->timeout_ms, g_value_get_int64 (value));
  else if (id == PROP_PATIENCE_MS)
    changed = replace_number (&self->patience_ms, g_value_get_int64 (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  if (changed)
    {
      self->is_valid = FALSE;
      if (id == PROP_ENDPOINT || id == PROP_PROJECT || id == PROP_DATASET || id == PROP_LOCATION)
        g_clear_pointer (&self->learned_location, g_free);
      g_object_notify_by_pspec (object, pspec);
    }
}

static void
eros_connection_finalize (GObject *object)
{
  ErosConnection *self = EROS_CONNECTION (object);

  for (guint id = PROP_NAME; id <= PROP_BUCKET; id++)
    g_free (*text_of (self, id));
  g_free (self->learned_location);
  g_free (self->waiting);
  G_OBJECT_CLASS (eros_connection_parent_class)->finalize (object);
}

static void
eros_connection_class_init (ErosConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  static const char *texts[] = { NULL,      "name",    "environment", "endpoint",
                                 "project", "dataset", "location",    "bucket" };

  object_class->get_property = eros_connection_get_property;
  object_class->set_property = eros_connection_set_property;
  object_class->finalize = eros_connection_finalize;

  for (guint id = PROP_NAME; id <= PROP_BUCKET; id++)
    properties[id] = g_param_spec_string (texts[id], NULL, NULL, NULL, flags);
  properties[PROP_SIGN_IN] =
    g_param_spec_enum ("sign-in", NULL, NULL, EROS_TYPE_SIGN_IN, EROS_SIGN_IN_NONE, flags);
  properties[PROP_CENTS_PER_TIB] =
    g_param_spec_int64 ("cents-per-tib", NULL, NULL, 0, 1000000, LIST_PRICE, flags);
  properties[PROP_BUDGET_BYTES] = g_param_spec_int64 ("budget-bytes", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_TIMEOUT_MS] =
    g_param_spec_int64 ("timeout-ms", NULL, NULL, 1, G_MAXINT64, DEFAULT_TIMEOUT_MS, flags);
  properties[PROP_PATIENCE_MS] =
    g_param_spec_int64 ("patience-ms", NULL, NULL, 1, G_MAXINT32, DEFAULT_PATIENCE_MS, flags);
  properties[PROP_OFFLINE] = g_param_spec_boolean (
    "offline", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_WAITING] = g_param_spec_string (
    "waiting", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
eros_connection_init (ErosConnection *self)
{
  self->timeout_ms = DEFAULT_TIMEOUT_MS;
  self->cents_per_tib = LIST_PRICE;
  self->patience_ms = DEFAULT_PATIENCE_MS;
}

ErosConnection *
eros_connection_new (void)
{
  return g_object_new (EROS_TYPE_CONNECTION, NULL);
}

const char *
eros_connection_get_name (ErosConnection *self)
{
  return self->name;
}

const char *
eros_connection_get_environment (ErosConnection *self)
{
  return self->environment;
}

const char *
eros_connection_get_endpoint (ErosConnection *self)
{
  return self->endpoint;
}

const char *
eros_connection_get_project (ErosConnection *self)
{
  return self->project;
}

const char *
eros_connection_get_dataset (ErosConnection *self)
{
  return self->dataset;
}

/**
 * eros_connection_get_location:
 * @self: a connection
 *
 * Where its jobs run: where the data set has said that it is, or else what was entered (the property
 * “location”). Without either eros_big_query_locate_async () finds out.
 *
 * Returns: (nullable): the location, or %NULL while nobody knows
 */
const char *
eros_connection_get_location (ErosConnection *self)
{
  if (self->learned_location != NULL)
    return self->learned_location;
  return self->location != NULL && *self->location != '\0' ? self->location : NULL;
}

const char *
eros_connection_get_learned_location (ErosConnection *self)
{
  return self->learned_location;
}

void
eros_connection_set_learned_location (ErosConnection *self, const char *location)
{
  g_free (self->learned_location);
  self->learned_location = g_strdup (location);
}

const char *
eros_connection_get_bucket (ErosConnection *self)
{
  return self->bucket;
}

ErosSignIn
eros_connection_get_sign_in (ErosConnection *self)
{
  return self->sign_in;
}

char *
eros_connection_dup_price_per_tib (ErosConnection *self)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", self->cents_per_tib / 100,
                          (int) (self->cents_per_tib % 100));
}

double
eros_connection_get_cost (ErosConnection *self, gint64 bytes)
{
  return bytes / (double) (G_GINT64_CONSTANT (1) << 40) * self->cents_per_tib / 100;
}

gint64
eros_connection_get_budget_bytes (ErosConnection *self)
{
  return self->budget_bytes;
}

gint64
eros_connection_get_timeout_ms (ErosConnection *self)
{
  return self->timeout_ms;
}

gint64
eros_connection_get_patience_ms (ErosConnection *self)
{
  return self->patience_ms;
}

gint64
eros_connection_get_latency (ErosConnection *self)
{
  return self->latency;
}

void
eros_connection_set_latency (ErosConnection *self, gint64 latency)
{
  self->latency = latency;
}

gboolean
eros_connection_get_offline (ErosConnection *self)
{
  return self->offline;
}

void
eros_connection_set_offline (ErosConnection *self, gboolean offline)
{
  if (self->offline == offline)
    return;
  self->offline = offline;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFLINE]);
}

const char *
eros_connection_get_waiting (ErosConnection *self)
{
  return self->waiting;
}

void
eros_connection_wait_for (ErosConnection *self, const char *waiting, gboolean begins)
{
  self->n_waiting += begins;
  if (replace_text (&self->waiting, waiting))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING]);
}

void
eros_connection_wait_ended (ErosConnection *self)
{
  g_return_if_fail (self->n_waiting > 0);

  if (--self->n_waiting == 0 && replace_text (&self->waiting, NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING]);
}

static gboolean
is_blank (const char *value)
{
  return value == NULL || *value == '\0';
}

gboolean
eros_connection_is_loopback (ErosConnection *self)
{
  return self->endpoint != NULL && eros_address_is_loopback (self->endpoint);
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, message);
  return FALSE;
}

static gboolean
validate_endpoint (ErosConnection *self, GError **error)
{
  if (self->endpoint == NULL)
    {
      if (self->sign_in == EROS_SIGN_IN_NONE)
        return refuse (error, _ ("Google's BigQuery needs a sign-in. Choose how to sign in."));
      return TRUE;
    }
  if (!eros_name_is (self->endpoint, "^https?://[^/\\s]+/?$"))
    return refuse (error, _ ("The endpoint is not an address like https://host or http://127.0.0.1:9050."));
  if (g_str_has_prefix (self->endpoint, "http://") && !eros_address_is_loopback (self->endpoint))
    return refuse (
      error, _ ("Without encryption only a server on this machine may be used. Give an https address."));
  return TRUE;
}

/**
 * eros_connection_validate:
 * @self: a connection
 * @error: return location for %G_IO_ERROR_INVALID_ARGUMENT
 *
 * Whether every part is well-formed; says nothing about whether the things are there. The error names the
 * first part that is not, and what it may be.
 *
 * Returns: whether a request can be sent
 */
gboolean
eros_connection_validate (ErosConnection *self, GError **error)
{
  /* Asked before every request. */
  if (self->is_valid)
    return TRUE;
  if (!eros_name_is (self->project, EROS_PROJECT_PATTERN))
    return refuse (error, _ ("The project id must have 6 to 30 lower-case letters, digits and hyphens, and "
                             "begin with a letter; or have its domain before it, as in example.com:team."));
  if (!eros_name_is (self->dataset, EROS_DATASET_PATTERN))
    return refuse (error, _ ("The data set's name may only have letters, digits and underscores."));
  if (!is_blank (self->location) && !eros_name_is (self->location, EROS_LOCATION_PATTERN))
    return refuse (error, _ ("The location must be one like US, EU or europe-west1."));
  if (!is_blank (self->bucket) && !eros_name_is (self->bucket, EROS_BUCKET_PATTERN))
    return refuse (
      error, _ ("The bucket's name must have lower-case letters, digits, hyphens, dots and underscores."));
  self->is_valid = validate_endpoint (self, error);
  return self->is_valid;
}
