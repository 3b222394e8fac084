/* eros-runbook-private.h: how the parts of a runbook are read from its JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cursor.h"
#include "eros-runbook.h"

G_BEGIN_DECLS

struct _ErosField
{
  GObject       parent_instance;
  char         *id;
  char         *label;
  char         *unit;
  char         *placeholder;
  char         *source;
  char        **choices;
  ErosFieldType type;
};

struct _ErosElement
{
  GObject           parent_instance;
  char             *id;
  char             *text;
  char             *label;
  char             *hint;
  char             *operation;
  char             *language;
  char             *subject;
  ErosMoment        moment;
  char            **recipients; /* ids of fields; NULL when there are none */
  char             *sent_at;
  char             *sent_to;
  char             *until;
  char             *role;
  char            **proves;
  char            **watched;
  char             *sum;
  char            **sum_of;
  char            **tables;
  char             *authority;
  char             *person;
  char            **fills;
  char            **items;
  char            **columns;
  GPtrArray        *rows;
  GListStore       *fields;
  ErosCheckBinding *check;
  GArray           *placeholders;
  GArray           *criteria;
  GArray           *schedule;
  char             *after;
  GArray           *metrics;
  ErosElementKind   kind;
  gboolean          is_numbered;
};

struct _ErosSection
{
  GObject     parent_instance;
  char       *id;
  char       *title;
  GListStore *elements;
};

struct _ErosPhase
{
  GObject     parent_instance;
  char       *id;
  char       *title;
  char       *short_title;
  GListStore *sections;
  guint       number;
  gboolean    is_contingency;
};

struct _ErosGate
{
  GObject      parent_instance;
  char        *id;
  char        *title;
  char       **guards;
  char       **requires;
  char        *recent; /* (nullable) an operation */
  guint        recent_hours;
  guint        hours_ahead;
  gboolean     looks_again;
  ErosGateKind kind;
  gboolean     may_override;
};

ErosField   *eros_field_read (ErosCursor *cursor);
ErosElement *eros_element_read (ErosCursor *cursor);

ErosRunbook *eros_runbook_read (const char   *text,
                                gsize         length,
                                const char   *name,
                                GFile        *folder,
                                gboolean      is_recorded,
                                GCancellable *cancellable,
                                GError      **error);

void           eros_cursor_source (ErosCursor *self, const char *member, char **source);
char          *eros_reader_load_sql (ErosReader *self, const char *path, GError **error);
ErosStepFiles *eros_reader_load_steps (ErosReader *self, const char *path, GError **error);

G_END_DECLS
