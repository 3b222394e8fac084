/* eros-element.h: one thing on a page of the runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include "eros-field.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_ELEMENT_TEXT,  /* prose */
  EROS_ELEMENT_LIST,  /* numbered or bulleted list of texts: critical tables, escalation path, decision notes, links */
  EROS_ELEMENT_CHECK, /* a check box; may carry fields and a machine check */
  EROS_ELEMENT_FORM,  /* fields without a check box: name, e-mail, phone of the contacts … */
  EROS_ELEMENT_SIGN_OFF,   /* a form that is signed by one role */
  EROS_ELEMENT_TEMPLATE,   /* a message with placeholders */
  EROS_ELEMENT_COMPARISON, /* the before/after table */
  EROS_ELEMENT_SCHEDULE,   /* when to look: every 15 minutes for 2 hours, daily at 09:00 … */
  EROS_ELEMENT_CRITERIA,   /* success or rollback criteria, with their numbers */
  EROS_ELEMENT_OPERATION,  /* work that the controller does: "backup", "deploy-phase1" … */
  EROS_ELEMENT_COMMAND,    /* a command or SQL text to read and copy: quick reference, health queries */
  EROS_ELEMENT_TABLE,      /* a plain table to read: revision history */
} ErosElementKind;

/* A typed comparison of one column of a check's single result row with a constant or with a field's value. */
typedef struct
{
  char *column;
  char *op;    /* "=", "!=", "<", "<=", ">", ">=", "between" */
  char *value; /* text of a number, or ${field-id}; for between: "0..1" */
} ErosExpectation;

/* What the machine does to tick a check: either a check that is built into the controller, or a query. */
typedef struct
{
  char *id;         /* stable, unique: "health.row-counts" */
  char *builtin;    /* (nullable) "connection.permissions" … */
  char *sql;        /* (nullable) text with ${project}, ${dataset}, ${location} (lower case: region-${location}) */
  char *sql_source; /* (nullable) where the text came from: "sql/health/row-counts.sql" */
  char *summary;    /* (nullable) sentence with ${column}: "${bad} of ${rows} outside" */
  guint runs;       /* 0: the answer counts. Else a benchmark: it runs this often, cache off, and the columns are
                     median_ms, minimum_ms, maximum_ms (server-side time) and runs */
  ErosExpectation
       *expectations; /* (array length=n_expectations) all must hold; one whose field is blank says nothing */
  guint n_expectations;
  ErosExpectation *enough; /* (array length=n_enough) what must hold before anything can be said */
  guint            n_enough;
  char           **fills;      /* (nullable) pairs "field-id", "column": fields that the answer fills in */
  char           **parameters; /* (nullable) pairs "field-id", "parameter": of the query; a blank field is NULL */
} ErosCheckBinding;

typedef struct
{
  char *id;        /* "query-success-rate" */
  char *text;      /* wording of the paper */
  char *metric;    /* (nullable) what is measured; NULL: a person judges */
  char *op;        /* (nullable) ">=", "<" … */
  char *threshold; /* (nullable) number as text: "95" */
  char *unit;      /* (nullable) "%" … */
  char *check;     /* (nullable) id of the check box that says the same: ticked when the criterion is met */
  char *fact;      /* (nullable) what the record may say beside it for whoever judges: "failed-deployment" */
} ErosCriterion;

typedef struct
{
  char  *id;
  char  *text;          /* "Morning check (09:00 UTC): Review overnight metrics"; NULL for repeating ones */
  gint64 start_s;       /* seconds after the deployment's end */
  gint64 end_s;         /* 0: once */
  gint64 every_s;       /* 0: once */
  int    time_of_day_s; /* -1, or seconds after 00:00 UTC, each day between start and end */
  char  *check;         /* (nullable) id of the check box that is ticked when this has been looked at */
} ErosScheduleEntry;

typedef struct
{
  char    *id;     /* "avg-query-time" */
  char    *title;  /* "Avg Query Time" */
  char    *before; /* field id */
  char    *after;  /* field id */
  char    *unit;   /* "s", "ms", "$", "" */
  gboolean lower_is_better;
} ErosMetricRow;

typedef struct
{
  char  *name;    /* "START_TIME", as in the text between brackets */
  char  *source;  /* "detail:…", "field:…", "contact:…", "now:time": see docs/runbook.md; NULL: asked for */
  char  *label;   /* for people, when it is asked for */
  char **choices; /* (nullable) what may be answered: "IN PROGRESS", "PENDING" */
} ErosPlaceholder;

/* When a message is to be sent. */
typedef enum
{
  EROS_MOMENT_NONE,             /* whenever somebody wants to */
  EROS_MOMENT_BEFORE_WINDOW,    /* a day before */
  EROS_MOMENT_ROLLBACK_BEGUN,   /* as soon as it is */
  EROS_MOMENT_ROLLBACK_GOES_ON, /* every half an hour */
  EROS_MOMENT_COMPLETED,        /* by success or by a rollback */
} ErosMoment;

#define EROS_TYPE_ELEMENT (eros_element_get_type ())
G_DECLARE_FINAL_TYPE (ErosElement, eros_element, EROS, ELEMENT, GObject)

const char     *eros_element_get_id (ErosElement *self);
ErosElementKind eros_element_get_kind (ErosElement *self);
/* Exact wording of the paper, blanks and back-quotes included; for a command, template or text its text. */
const char *eros_element_get_text (ErosElement *self);
/* What a page shows beside the box: the text without its blanks. */
const char *eros_element_get_label (ErosElement *self);
/* (nullable) A sentence under it: what the program does in place of the paper's script, or how to judge. */
const char *eros_element_get_hint (ErosElement *self);
GListModel *eros_element_get_fields (ErosElement *self); /* of ErosField; empty when there are none */

/* Each of these is NULL/empty unless the kind has it. Arrays are owned by the element. */
const ErosCheckBinding *eros_element_get_check_binding (ErosElement *self);
const char             *eros_element_get_operation (ErosElement *self); /* OPERATION: its name for the controller */
/* OPERATION: ids of the check boxes that it ticks when it proves them; NULL when there are none. */
const char *const *eros_element_get_proves (ErosElement *self);
/* CHECK: ids of entries of schedules: it is about what is seen in all of their rounds; NULL when it is about none. */
const char *const *eros_element_get_watched (ErosElement *self);
/* CHECK: what follows by itself from others: the kind of sum, and of what; NULL when it does not. */
const char        *eros_element_get_sum (ErosElement *self);
const char *const *eros_element_get_sum_of (ErosElement *self);
/* OPERATION: tables that it backs up or restores; NULL when there are none. */
const char *const *eros_element_get_tables (ErosElement *self);
/* OPERATION: pairs "field-id", "result": fields that it fills in, by the name of its result ("started",
 * "rows.caption_bank"); NULL when there are none. Results are listed in docs/runbook.md. */
const char *const *eros_element_get_fills (ErosElement *self);
/* (nullable) OPERATION: the field that says who may order it; CHECK, SIGN_OFF: who is expected to sign it. */
const char *eros_element_get_authority (ErosElement *self);
/* CHECK: (nullable) the field with the name of whom it is about: ticked without one it is not done. */
const char *eros_element_get_person (ErosElement *self);
/* CHECK: (nullable) the field with the date until which it is to be done. */
const char        *eros_element_get_until (ErosElement *self);
const char *const *eros_element_get_items (ErosElement *self);       /* LIST */
gboolean           eros_element_get_is_numbered (ErosElement *self); /* LIST */
const char        *eros_element_get_language (ErosElement *self);    /* COMMAND: "sh", "sql" */
const char        *eros_element_get_subject (ErosElement *self);     /* TEMPLATE */
ErosMoment         eros_element_get_moment (ErosElement *self);      /* TEMPLATE */
const char *const *eros_element_get_recipients (ErosElement *self);  /* TEMPLATE: (nullable): ids of fields */
const char        *eros_element_get_sent_at (ErosElement *self);     /* TEMPLATE: (nullable): id of a field */
const char        *eros_element_get_sent_to (ErosElement *self);     /* TEMPLATE: (nullable): likewise */
/* A sign-off, or a check box that a person signs: with a name and a time beside it. */
gboolean                 eros_element_wants_signature (ErosElement *self);
const char              *eros_element_get_role (ErosElement *self); /* SIGN_OFF: "Deployment Lead" */
const ErosPlaceholder   *eros_element_get_placeholders (ErosElement *self, guint *n);
const ErosCriterion     *eros_element_get_criteria (ErosElement *self, guint *n);
const ErosScheduleEntry *eros_element_get_schedule (ErosElement *self, guint *n);
const char              *eros_element_get_after (ErosElement *self); /* SCHEDULE: an operation; NULL: the deployment */
const ErosMetricRow     *eros_element_get_metrics (ErosElement *self, guint *n);
const char *const       *eros_element_get_columns (ErosElement *self); /* TABLE */
GPtrArray               *eros_element_get_rows (ErosElement *self);    /* TABLE: of char ** */

G_END_DECLS
