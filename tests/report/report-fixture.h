/* report-fixture.h: a deployment in a folder of its own, and its report as others read it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-report.h"
#include "report-test-utils.h"

typedef struct
{
  char           *folder;
  GFile          *output;
  ErosDeployment *deployment;
} ReportFixture;

#define must(call)                                                                                                     \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autoptr (GError) error_ = NULL;                                                                                  \
    GError **e = &error_;                                                                                              \
    gboolean done_ = (call);                                                                                           \
    g_assert_no_error (error_);                                                                                        \
    g_assert_true (done_);                                                                                             \
  }                                                                                                                    \
  G_STMT_END

void     report_fixture_set_up (ReportFixture *f, gconstpointer data);
void     report_fixture_tear_down (ReportFixture *f, gconstpointer data);
gboolean report_fixture_write (ReportFixture *f, ErosSigner *signer, GCancellable *cancellable, GError **error);
/* The text of what was written as Poppler reads it, lines joined. */
char *report_fixture_extract (ReportFixture *f);
/* Both. */
char *report_fixture_text (ReportFixture *f);
/* As the controller and older programs wrote it. */
void     report_fixture_append (ReportFixture *f, const char *kind, const char *json);
void     report_assert_contains (const char *text, const char *part);
gboolean report_has_poppler (void); /* otherwise the test is skipped */
