/* eros-random.c: a generator that gives the same numbers everywhere
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-sample-private.h"

/* Blackman and Vigna, https://prng.di.unimi.it/ (xoshiro256** and splitmix64, public domain) */

static guint64
rotate (guint64 x, int k)
{
  return (x << k) | (x >> (64 - k));
}

void
eros_random_init (ErosRandom *random, guint64 seed)
{
  for (guint i = 0; i < 4; i++)
    {
      guint64 z = (seed += 0x9e3779b97f4a7c15);

      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      random->state[i] = z ^ (z >> 31);
    }
}

static guint64
eros_random_next (ErosRandom *random)
{
  guint64 *s = random->state;
  guint64 result = rotate (s[1] * 5, 7) * 9;
  guint64 t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate (s[3], 45);
  return result;
}

guint
eros_random_below (ErosRandom *random, guint n)
{
  return ((eros_random_next (random) >> 32) * n) >> 32;
}

double
eros_random_double (ErosRandom *random)
{
  return (eros_random_next (random) >> 11) * 0x1.0p-53;
}
