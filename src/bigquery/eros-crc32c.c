/* eros-crc32c.c: the checksum of Cloud Storage
 *
 * CRC-32C (Castagnoli 1993) as in RFC 3720, eight bytes at a time (Kounavis and Berry 2005).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-crc32c.h"

#include <string.h>

#define POLYNOMIAL 0x82f63b78u /* reflected */

static guint32 tables[8][256];

static void
make_tables (void)
{
  static gsize made = 0;

  if (!g_once_init_enter (&made))
    return;
  for (guint i = 0; i < 256; i++)
    {
      guint32 crc = i;

      for (guint bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
      tables[0][i] = crc;
    }
  for (guint i = 0; i < 256; i++)
    for (guint t = 1; t < 8; t++)
      tables[t][i] = (tables[t - 1][i] >> 8) ^ tables[0][tables[t - 1][i] & 0xff];
  g_once_init_leave (&made, 1);
}

guint32
eros_crc32c (guint32 crc, const void *data, gsize length)
{
  const guint8 *at = data;

  make_tables ();
  crc = ~crc;
  for (; length >= 8; length -= 8, at += 8)
    {
      guint64 word;

      memcpy (&word, at, 8);
      word = GUINT64_FROM_LE (word) ^ crc;
      crc = tables[7][word & 0xff] ^ tables[6][(word >> 8) & 0xff] ^ tables[5][(word >> 16) & 0xff] ^
            tables[4][(word >> 24) & 0xff] ^ tables[3][(word >> 32) & 0xff] ^ tables[2][(word >> 40) & 0xff] ^
            tables[1][(word >> 48) & 0xff] ^ tables[0][word >> 56];
    }
  for (; length > 0; length--, at++)
    crc = (crc >> 8) ^ tables[0][(crc ^ *at) & 0xff];
  return ~crc;
}

char *
eros_crc32c_format (guint32 crc)
{
  guint32 big = GUINT32_TO_BE (crc);

  return g_base64_encode ((const guchar *) &big, sizeof big);
}

gboolean
eros_crc32c_parse (const char *text, guint32 *crc)
{
  gsize length = 0;
  g_autofree guchar *bytes = text != NULL ? g_base64_decode (text, &length) : NULL;
  guint32 big;

  if (length != sizeof big)
    return FALSE;
  memcpy (&big, bytes, sizeof big);
  *crc = GUINT32_FROM_BE (big);
  return TRUE;
}
