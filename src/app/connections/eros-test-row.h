/* eros-test-row.h: tries a connection, and says what was found right there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-connection.h"

G_BEGIN_DECLS

/* Actions: test.run, test.stop. */
#define EROS_TYPE_TEST_ROW (eros_test_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosTestRow, eros_test_row, EROS, TEST_ROW, GtkListBoxRow)

/* (transfer full): what is to be tried now */
typedef ErosConnection *(*ErosTestRowSource) (gpointer user_data);

GtkWidget *eros_test_row_new (void);
void       eros_test_row_set_source (ErosTestRow *self, ErosTestRowSource source, gpointer user_data);
void       eros_test_row_set_allowed (ErosTestRow *self, gboolean allowed);

G_END_DECLS
