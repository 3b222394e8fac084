/* eros-farm.c: FarmHash's Fingerprint64
 *
 * Written from the published algorithm (farmhashna::Hash64 of https://github.com/google/farmhash, by Geoff
 * Pike), which promises to stay as it is for ever.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-farm-private.h"

#include <string.h>

#define K0 G_GUINT64_CONSTANT (0xc3a5c85c97cb3127)
#define K1 G_GUINT64_CONSTANT (0xb492b66fbe98f273)
#define K2 G_GUINT64_CONSTANT (0x9ae16a3b2f90404f)

typedef struct
{
  guint64 first;
  guint64 second;
} Pair;

static guint64
fetch64 (const char *p)
{
  guint64 value;

  memcpy (&value, p, sizeof value);
  return GUINT64_FROM_LE (value);
}

static guint64
fetch32 (const char *p)
{
  guint32 value;

  memcpy (&value, p, sizeof value);
  return GUINT32_FROM_LE (value);
}

static guint64
rotate (guint64 value, guint shift)
{
  return shift == 0 ? value : (value >> shift) | (value << (64 - shift));
}

static guint64
shift_mix (guint64 value)
{
  return value ^ (value >> 47);
}

static guint64
hash_16_bytes (guint64 u, guint64 v, guint64 multiplier)
{
  guint64 a = (u ^ v) * multiplier;
  guint64 b = 0;

  a ^= a >> 47;
  b = (v ^ a) * multiplier;
  b ^= b >> 47;
  return b * multiplier;
}

static guint64
hash_up_to_16 (const char *s, gsize n)
{
  if (n >= 8)
    {
      guint64 multiplier = K2 + n * 2;
      guint64 a = fetch64 (s) + K2;
      guint64 b = fetch64 (s + n - 8);
      guint64 c = rotate (b, 37) * multiplier + a;
      guint64 d = (rotate (a, 25) + b) * multiplier;

      return hash_16_bytes (c, d, multiplier);
    }
  if (n >= 4)
    return hash_16_bytes (n + (fetch32 (s) << 3), fetch32 (s + n - 4), K2 + n * 2);
  if (n > 0)
    {
      guint8 a = (guint8) s[0];
      guint8 b = (guint8) s[n >> 1];
      guint8 c = (guint8) s[n - 1];
      guint32 y = (guint32) a + ((guint32) b << 8);
      guint32 z = (guint32) n + ((guint32) c << 2);

      return shift_mix (y * K2 ^ z * K0) * K2;
    }
  return K2;
}

static guint64
hash_17_to_32 (const char *s, gsize n)
{
  guint64 multiplier = K2 + n * 2;
  guint64 a = fetch64 (s) * K1;
  guint64 b = fetch64 (s + 8);
  guint64 c = fetch64 (s + n - 8) * multiplier;
  guint64 d = fetch64 (s + n - 16) * K2;

  return hash_16_bytes (rotate (a + b, 43) + rotate (c, 30) + d, a + rotate (b + K2, 18) + c, multiplier);
}

static guint64
hash_33_to_64 (const char *s, gsize n)
{
  guint64 multiplier = K2 + n * 2;
  guint64 a = fetch64 (s) * K2;
  guint64 b = fetch64 (s + 8);
  guint64 c = fetch64 (s + n - 8) * multiplier;
  guint64 d = fetch64 (s + n - 16) * K2;
  guint64 y = rotate (a + b, 43) + rotate (c, 30) + d;
  guint64 z = hash_16_bytes (y, a + rotate (b + K2, 18) + c, multiplier);
  guint64 e = fetch64 (s + 16) * multiplier;
  guint64 f = fetch64 (s + 24);
  guint64 g = (y + fetch64 (s + n - 32)) * multiplier;
  guint64 h = (z + fetch64 (s + n - 24)) * multiplier;

  return hash_16_bytes (rotate (e + f, 43) + rotate (g, 30) + h, e + rotate (f + a, 18) + g, multiplier);
}

static Pair
weak_hash_32 (const char *s, guint64 a, guint64 b)
{
  guint64 w = fetch64 (s);
  guint64 x = fetch64 (s + 8);
  guint64 y = fetch64 (s + 16);
  guint64 z = fetch64 (s + 24);
  guint64 c = 0;

  a += w;
  b = rotate (b + a + z, 21);
  c = a;
  a += x + y;
  b += rotate (a, 44);
  return (Pair){ a + z, b + c };
}

static void
swap (guint64 *a, guint64 *b)
{
  guint64 t = *a;

  *a = *b;
  *b = t;
}

static guint64
hash_long (const char *s, gsize n)
{
  const guint64 seed = 81;
  guint64 x = seed * K2;
  guint64 y = seed * K1 + 113;
  guint64 z = shift_mix (y * K2 + 113) * K2;
  Pair v = { 0, 0 };
  Pair w = { 0, 0 };
  const char *end = s + ((n - 1) / 64) * 64;
  const char *last64 = end + ((n - 1) & 63) - 63;
  guint64 multiplier = 0;

  x = seed * K2 + fetch64 (s);
  do
    {
      x = rotate (x + y + v.first + fetch64 (s + 8), 37) * K1;
      y = rotate (y + v.second + fetch64 (s + 48), 42) * K1;
      x ^= w.second;
      y += v.first + fetch64 (s + 40);
      z = rotate (z + w.first, 33) * K1;
      v = weak_hash_32 (s, v.second * K1, x + w.first);
      w = weak_hash_32 (s + 32, z + w.second, y + fetch64 (s + 16));
      swap (&z, &x);
      s += 64;
    }
  while (s != end);

  multiplier = K1 + ((z & 0xff) << 1);
  s = last64;
  w.first += (n - 1) & 63;
  v.first += w.first;
  w.first += v.first;
  x = rotate (x + y + v.first + fetch64 (s + 8), 37) * multiplier;
  y = rotate (y + v.second + fetch64 (s + 48), 42) * multiplier;
  x ^= w.second * 9;
  y += v.first * 9 + fetch64 (s + 40);
  z = rotate (z + w.first, 33) * multiplier;
  v = weak_hash_32 (s, v.second * multiplier, x + w.first);
  w = weak_hash_32 (s + 32, z + w.second, y + fetch64 (s + 16));
  swap (&z, &x);
  return hash_16_bytes (hash_16_bytes (v.first, w.first, multiplier) + shift_mix (y) * K0 + z,
                        hash_16_bytes (v.second, w.second, multiplier) + x, multiplier);
}

/**
 * eros_farm_fingerprint64:
 * @data: any bytes
 * @size: how many
 *
 * Returns: FarmHash's Fingerprint64 of @data
 */
guint64
eros_farm_fingerprint64 (const char *data, gsize size)
{
  if (size <= 16)
    return hash_up_to_16 (data, size);
  if (size <= 32)
    return hash_17_to_32 (data, size);
  if (size <= 64)
    return hash_33_to_64 (data, size);
  return hash_long (data, size);
}
