/* eros-native-net.c: NET.… functions of addresses and host names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-text-private.h"

#include <gio/gio.h>

/* NET.HOST: what stands between "//" and the path, without user and port; without "//" all up to the path. */
static void
host (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText url = eros_arg_text (values[0]);
  g_autofree char *text = g_strstrip (g_strndup (url.data, url.size));
  char *start = text;
  char *found = NULL;

  if (g_ascii_isalpha (*start))
    {
      while (g_ascii_isalnum (*start) || (*start != '\0' && strchr ("+-.", *start) != NULL))
        start++;
      if (*start == ':' && start[1] == '/')
        start++;
      else
        start = text;
    }
  if (g_str_has_prefix (start, "//"))
    start += 2;
  else
    start = text;
  start[strcspn (start, "/?#")] = '\0';
  found = strrchr (start, '@');
  if (found != NULL)
    start = found + 1;
  found = *start == '[' ? strchr (start, ']') : NULL;
  if (found != NULL)
    found[1] = '\0';
  else
    start[strcspn (start, ":")] = '\0';
  if (*start != '\0')
    eros_result_text (context, start, strlen (start));
}

/* NULL if @text is no address. */
static GInetAddress *
parse_address (ErosText text)
{
  g_autofree char *copy = NULL;

  if (memchr (text.data, '\0', text.size) != NULL || memchr (text.data, '%', text.size) != NULL)
    return NULL;
  copy = g_strndup (text.data, text.size);
  return g_inet_address_new_from_string (copy);
}

static void
result_address (sqlite3_context *context, sqlite3_value *value, gboolean safe)
{
  ErosText text = eros_arg_text (value);
  g_autoptr (GInetAddress) address = parse_address (text);

  if (address != NULL)
    eros_result_blob (context, (const char *) g_inet_address_to_bytes (address),
                      g_inet_address_get_native_size (address));
  else if (!safe)
    eros_native_fail (context, "NET.IP_FROM_STRING() encountered an unparseable IP-address: %.*s",
                      (int) text.size, text.data);
}

static void
ip_from_string (sqlite3_context *context, int n, sqlite3_value **values)
{
  result_address (context, values[0], FALSE);
}

static void
safe_ip_from_string (sqlite3_context *context, int n, sqlite3_value **values)
{
  result_address (context, values[0], TRUE);
}

static void
ip_to_string (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText bytes = eros_arg_text (values[0]);
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *text = NULL;

  if (bytes.size != 4 && bytes.size != 16)
    {
      eros_native_fail (
        context,
        "NET.IP_TO_STRING() encountered an invalid IP address. Expected 4 (for IPv4) or 16 (for IPv6) "
        "bytes but got %" G_GSIZE_FORMAT,
        bytes.size);
      return;
    }
  address = g_inet_address_new_from_bytes ((const guint8 *) bytes.data,
                                           bytes.size == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  text = g_inet_address_to_string (address);
  eros_result_text (context, text, strlen (text));
}

static void
ipv4_from_int64 (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 number = sqlite3_value_int64 (values[0]);
  guint32 address = GUINT32_TO_BE ((guint32) number);

  if (number < -G_GINT64_CONSTANT (0x80000000) || number > G_GINT64_CONSTANT (0xffffffff))
    eros_native_fail (
      context,
      "NET.IPV4_FROM_INT64() encountered an invalid integer IP. Expected range: [-0x80000000, "
      "0xFFFFFFFF]; got %" G_GINT64_FORMAT,
      number);
  else
    eros_result_blob (context, (const char *) &address, sizeof address);
}

static void
ipv4_to_int64 (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText bytes = eros_arg_text (values[0]);
  guint32 address = 0;

  if (bytes.size != sizeof address)
    {
      eros_native_fail (
        context,
        "NET.IPV4_TO_INT64() encountered a non-IPv4 address. Expected 4 bytes but got %" G_GSIZE_FORMAT,
        bytes.size);
      return;
    }
  memcpy (&address, bytes.data, sizeof address);
  sqlite3_result_int64 (context, GUINT32_FROM_BE (address));
}

/* @size bytes of @data with all bits from @prefix on cleared. */
static void
result_prefix (sqlite3_context *context, const char *data, gsize size, gint64 prefix)
{
  GString *out = g_string_sized_new (size);

  for (gsize i = 0; i < size; i++)
    {
      gint64 kept = CLAMP (prefix - (gint64) i * 8, 0, 8);

      g_string_append_c (out, (char) (data[i] & (guint8) (0xff00 >> kept)));
    }
  eros_result_take_blob (context, out);
}

/* (4 or 16, prefix) */
static void
ip_net_mask (sqlite3_context *context, int n, sqlite3_value **values)
{
  static const char ones[16] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
  gint64 size = sqlite3_value_int64 (values[0]);
  gint64 prefix = sqlite3_value_int64 (values[1]);

  if (size != 4 && size != 16)
    eros_native_fail (
      context,
      "The first argument of NET.IP_NET_MASK() must be either 4 (for IPv4) or 16 (for IPv6); got "
      "%" G_GINT64_FORMAT,
      size);
  else if (prefix < 0 || prefix > 8 * size)
    eros_native_fail (
      context,
      "The second argument of NET.IP_NET_MASK() must be between 0 and 8 * first argument; got "
      "%" G_GINT64_FORMAT,
      prefix);
  else
    result_prefix (context, ones, (gsize) size, prefix);
}

/* (address, prefix) */
static void
ip_trunc (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText bytes = eros_arg_text (values[0]);
  gint64 prefix = sqlite3_value_int64 (values[1]);

  if (bytes.size != 4 && bytes.size != 16)
    eros_native_fail (
      context,
      "NET.IP_TRUNC() encountered an invalid IP address. Expected 4 (for IPv4) or 16 (for IPv6) bytes "
      "but got %" G_GSIZE_FORMAT,
      bytes.size);
  else if (prefix < 0 || prefix > 8 * (gint64) bytes.size)
    eros_native_fail (
      context,
      "The second argument of NET.IP_TRUNC() must be between 0 and 8 * LENGTH(first argument); got "
      "%" G_GINT64_FORMAT,
      prefix);
  else
    result_prefix (context, bytes.data, bytes.size, prefix);
}

const ErosNative eros_native_net[] = {
  { "NET.HOST", "(STRING) -> STRING", "bq_net_host", NULLS_STRICT, host, NULL },
  { "NET.IP_FROM_STRING", "(STRING) -> BYTES", "bq_net_ip_from_string", STRICT_FAIL, ip_from_string, NULL },
  { "NET.SAFE_IP_FROM_STRING", "(STRING) -> BYTES", "bq_net_safe_ip_from_string", NULLS_STRICT,
    safe_ip_from_string, NULL },
  { "NET.IP_TO_STRING", "(BYTES) -> STRING", "bq_net_ip_to_string", STRICT_FAIL, ip_to_string, NULL },
  { "NET.IPV4_FROM_INT64", "(INT64) -> BYTES", "bq_net_ipv4_from_int64", STRICT_FAIL, ipv4_from_int64, NULL },
  { "NET.IPV4_TO_INT64", "(BYTES) -> INT64", "bq_net_ipv4_to_int64", STRICT_FAIL, ipv4_to_int64, NULL },
  { "NET.IP_NET_MASK", "(INT64, INT64) -> BYTES", "bq_net_ip_net_mask", STRICT_FAIL, ip_net_mask, NULL },
  { "NET.IP_TRUNC", "(BYTES, INT64) -> BYTES", "bq_net_ip_trunc", STRICT_FAIL, ip_trunc, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
