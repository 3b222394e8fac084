/* eros-arena.c: memory that goes in one go
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-arena.h"

#include <string.h>

#define BLOCK_SIZE 16384
#define ALIGNMENT  16

typedef struct _Block Block;
struct _Block
{
  Block *next;
  gsize used;
  gsize size;
};

#define HEADER ((sizeof (Block) + ALIGNMENT - 1) & ~(gsize) (ALIGNMENT - 1))

struct _ErosArena
{
  Block *blocks;
};

ErosArena *
eros_arena_new (void)
{
  return g_new0 (ErosArena, 1);
}

void
eros_arena_free (ErosArena *arena)
{
  Block *next;

  for (Block *block = arena->blocks; block != NULL; block = next)
    {
      next = block->next;
      g_free (block);
    }
  g_free (arena);
}

/* Zeroed. */
gpointer
eros_arena_alloc (ErosArena *arena, gsize size)
{
  gsize need = (size + ALIGNMENT - 1) & ~(gsize) (ALIGNMENT - 1);
  Block *block = arena->blocks;

  if (block == NULL || block->size - block->used < need)
    {
      gsize capacity = MAX (need, BLOCK_SIZE);

      block = g_malloc0 (HEADER + capacity);
      block->size = capacity;
      block->next = arena->blocks;
      arena->blocks = block;
    }

  block->used += need;
  return (char *) block + HEADER + block->used - need;
}

char *
eros_arena_strndup (ErosArena *arena, const char *text, gsize length)
{
  char *copy = eros_arena_alloc (arena, length + 1);

  if (length > 0)
    memcpy (copy, text, length);
  return copy;
}

/* Copies what @array holds into the arena and frees @array. NULL for an empty or absent one. */
gpointer
eros_arena_steal_array (ErosArena *arena, GArray *array, guint *length)
{
  gpointer copy = NULL;

  *length = array == NULL ? 0 : array->len;
  if (*length > 0)
    {
      gsize size = (gsize) *length * g_array_get_element_size (array);

      copy = eros_arena_alloc (arena, size);
      memcpy (copy, array->data, size);
    }
  if (array != NULL)
    g_array_unref (array);
  return copy;
}
