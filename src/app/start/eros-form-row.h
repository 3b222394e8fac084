/* eros-form-row.h: a line of a form that says what is wrong with it while it is typed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Properties: text, placeholder, hint, error (read only, NULL while the text will do). Signals: left: the entry has
 * been left, or Enter has been pressed. */
#define EROS_TYPE_FORM_ROW (eros_form_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosFormRow, eros_form_row, EROS, FORM_ROW, AdwActionRow)

/* (nullable) (transfer full): what is wrong with TEXT, as a sentence */
typedef char *(*ErosFormCheck) (const char *text, gpointer user_data);

void        eros_form_row_set_check (ErosFormRow *self, ErosFormCheck check, gpointer user_data);
void        eros_form_row_check (ErosFormRow *self);
const char *eros_form_row_get_text (ErosFormRow *self);
const char *eros_form_row_get_error (ErosFormRow *self);

G_END_DECLS
