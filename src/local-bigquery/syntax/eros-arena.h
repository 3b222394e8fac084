/* eros-arena.h: memory that goes in one go
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ErosArena ErosArena;

ErosArena *eros_arena_new (void);
void       eros_arena_free (ErosArena *arena);
gpointer   eros_arena_alloc (ErosArena *arena, gsize size);
char      *eros_arena_strndup (ErosArena *arena, const char *text, gsize length);
gpointer   eros_arena_steal_array (ErosArena *arena, GArray *array, guint *length);

#define eros_arena_new_struct(arena, Type) ((Type *) eros_arena_alloc (arena, sizeof (Type)))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosArena, eros_arena_free)

G_END_DECLS
