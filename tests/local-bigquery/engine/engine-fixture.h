/* engine-fixture.h: an engine with an empty data set d in project p, and short ways to ask it things
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-engine.h"

G_BEGIN_DECLS

typedef struct
{
  ErosEngine *engine;
} Fixture;

void              fixture_set_up (Fixture *fixture, gconstpointer data);
void              fixture_tear_down (Fixture *fixture, gconstpointer data);
ErosEngineResult *run_request (Fixture *fixture, const ErosEngineRequest *request);
ErosEngineResult *run_sql (Fixture *fixture, const char *sql);
void              run_fine (Fixture *fixture, const char *sql);
char             *rows_of (ErosEngineResult *result);
void              assert_rows (Fixture *fixture, const char *sql, const char *expected);
void              assert_error (Fixture *fixture, const char *sql, const char *reason, const char *message);
void              assert_affected (Fixture *fixture, const char *sql, gint64 inserted, gint64 updated, gint64 deleted);

#define add_test(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

G_END_DECLS
