/* eros-native-hash.c: MD5, SHA…, FARM_FINGERPRINT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#include "eros-farm-private.h"

static void
digest (sqlite3_context *context, sqlite3_value *value, GChecksumType type)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (type);
  guint8 bytes[64];
  gsize n_bytes = sizeof bytes;
  gsize size = 0;
  const char *data = eros_arg_data (value, &size);

  g_checksum_update (checksum, (const guchar *) data, (gssize) size);
  g_checksum_get_digest (checksum, bytes, &n_bytes);
  eros_result_blob (context, (const char *) bytes, n_bytes);
}

static void
md5 (sqlite3_context *context, int n, sqlite3_value **values)
{
  digest (context, values[0], G_CHECKSUM_MD5);
}

static void
sha1 (sqlite3_context *context, int n, sqlite3_value **values)
{
  digest (context, values[0], G_CHECKSUM_SHA1);
}

static void
sha256 (sqlite3_context *context, int n, sqlite3_value **values)
{
  digest (context, values[0], G_CHECKSUM_SHA256);
}

static void
sha512 (sqlite3_context *context, int n, sqlite3_value **values)
{
  digest (context, values[0], G_CHECKSUM_SHA512);
}

static void
farm_fingerprint (sqlite3_context *context, int n, sqlite3_value **values)
{
  gsize size = 0;
  const char *data = eros_arg_data (values[0], &size);

  sqlite3_result_int64 (context, (gint64) eros_farm_fingerprint64 (data, size));
}

#define BOTH(text, name)                                                                                     \
  { text, "(STRING) -> BYTES", "bq_" #name, NULLS_STRICT, name, NULL },                                      \
  {                                                                                                          \
    text, "(BYTES) -> BYTES", "bq_" #name, NULLS_STRICT, NULL, NULL                                          \
  }

const ErosNative eros_native_hash[] = {
  BOTH ("MD5", md5),
  BOTH ("SHA1", sha1),
  BOTH ("SHA256", sha256),
  BOTH ("SHA512", sha512),
  { "FARM_FINGERPRINT", "(STRING) -> INT64", "bq_farm_fingerprint", NULLS_STRICT, farm_fingerprint, NULL },
  { "FARM_FINGERPRINT", "(BYTES) -> INT64", "bq_farm_fingerprint", NULLS_STRICT, NULL, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
