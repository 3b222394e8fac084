/* test-checklists.c: what is found in checklists as people write them: all of it, and nothing else
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-import.h"

/* Counted by hand on the page. */
static const struct
{
  const char *name;
  guint n_boxes;
  guint n_fields;
  guint n_sign_offs;
} checklists[] = {
  { "backup-restore", 5, 7, 0 }, { "certificate", 5, 4, 0 },       { "cluster-upgrade", 10, 1, 0 },
  { "data-centre", 11, 8, 2 },   { "dr-drill", 8, 8, 0 },          { "escaped", 3, 3, 0 },
  { "feature-flag", 9, 2, 0 },   { "german-release", 8, 3, 0 },    { "incident", 10, 11, 1 },
  { "mobile-release", 8, 6, 0 }, { "month-end", 7, 7, 1 },         { "offboarding", 6, 10, 2 },
  { "patching", 10, 1, 0 },      { "pci-evidence", 7, 5, 1 },      { "postmortem", 5, 4, 0 },
  { "release", 12, 4, 0 },       { "schema-migration", 10, 9, 1 }, { "security-audit", 7, 8, 2 },
  { "sox-change", 3, 11, 4 },    { "vendor-go-live", 4, 9, 1 },
};

static char *
load (const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/import/checklists/%s.md", g_test_get_dir (G_TEST_DIST), name);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static ErosImport *
import (const char *text, ErosRunbook *earlier)
{
  g_autoptr (GError) error = NULL;
  ErosImport *made = eros_import_read (text, strlen (text), "checklist.md", earlier, &error);

  g_assert_no_error (error);
  return made;
}

/* The elements of the phases and the appendix that are of KIND, in their order. */
static GPtrArray *
collect (ErosImport *made, ErosElementKind kind)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *phases = eros_runbook_get_phases (made->runbook);
  guint n = g_list_model_get_n_items (phases);

  for (guint i = 0; i <= n; i++)
    {
      g_autoptr (ErosPhase) phase = i < n ? g_list_model_get_item (phases, i) : NULL;
      GListModel *sections =
        phase != NULL ? eros_phase_get_sections (phase) : eros_runbook_get_appendix (made->runbook);

      for (guint k = 0; k < g_list_model_get_n_items (sections); k++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, k);
          GListModel *elements = eros_section_get_elements (section);

          for (guint m = 0; m < g_list_model_get_n_items (elements); m++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, m);

              if (eros_element_get_kind (element) == kind)
                g_ptr_array_add (found, g_object_ref (element));
            }
        }
    }
  return found;
}

static gboolean
is_told (ErosImport *made, guint line)
{
  for (guint i = 0; i < made->notes->len; i++)
    {
      const ErosImportNote *note = made->notes->pdata[i];

      if (note->first <= line && line <= note->last)
        return TRUE;
    }
  return FALSE;
}

static void
test_checklist (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *text = load (checklists[i].name);
  g_autoptr (ErosImport) made = import (text, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpuint (made->n_boxes, ==, checklists[i].n_boxes);
  g_assert_cmpuint (made->n_fields, ==, checklists[i].n_fields);
  g_assert_cmpuint (made->n_sign_offs, ==, checklists[i].n_sign_offs);
  for (guint n = 0; lines[n] != NULL; n++)
    if (lines[n][strspn (lines[n], " >\t")] != '\0' && !is_told (made, n + 1))
      g_error ("%s.md:%u: nothing was said of “%s”", checklists[i].name, n + 1, lines[n]);
}

/* The wording of the paper checklist: 114 boxes, with their blanks. */
static void
test_wording (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "runbook", "check-boxes.txt", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) page = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  g_autoptr (ErosImport) made = NULL;
  g_autoptr (GPtrArray) boxes = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (page, "%s [ ] %s\n", i % 10 == 7 ? "1." : "-", lines[i]);
  made = import (page->str, NULL);
  boxes = collect (made, EROS_ELEMENT_CHECK);
  g_assert_cmpuint (boxes->len, ==, 114);
  for (guint i = 0; i < boxes->len; i++)
    g_assert_cmpstr (eros_element_get_text (boxes->pdata[i]), ==, lines[i]);
}

/* “Label: TYPE” of each field of ELEMENT, in one line. */
static const char *const type_names[EROS_FIELD_PHONE + 1] = {
  [EROS_FIELD_TEXT] = "text",     [EROS_FIELD_IDENTIFIER] = "identifier",
  [EROS_FIELD_NUMBER] = "number", [EROS_FIELD_BYTES] = "bytes",
  [EROS_FIELD_MONEY] = "money",   [EROS_FIELD_PERCENTAGE] = "percentage",
  [EROS_FIELD_DATE] = "date",     [EROS_FIELD_TIME] = "time",
  [EROS_FIELD_EMAIL] = "email",   [EROS_FIELD_PHONE] = "phone",
};

static char *
describe (ErosElement *element)
{
  GListModel *fields = eros_element_get_fields (element);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *unit = eros_field_get_unit (field);

      g_string_append_printf (text, "%s%s: %s%s%s", i > 0 ? ", " : "", eros_field_get_label (field),
                              type_names[eros_field_get_field_type (field)], unit != NULL ? " " : "",
                              unit != NULL ? unit : "");
    }
  return g_string_free (text, FALSE);
}

static void
test_types (void)
{
  static const struct
  {
    const char *text;
    const char *label;
    const char *fields;
  } cases[] = {
    { "Cost: `$____`", "Cost", "Cost: money" },
    { "Took `____ ms`", "Took", "Took: number ms" },
    { "Release date: ____", "Release date", "Release date: date" },
    { "Start time: ____", "Start time", "Start time: time" },
    { "Execution time: ____ s", "Execution time", "Execution time: number s" },
    { "Wait time: ____", "Wait time", "Wait time: text" },
    { "Error rate ____% of all", "Error rate … of all", "Error rate: percentage" },
    { "QA: ____ Time: ____", "QA", "QA: text, Time: time" },
    { "____ rows are back", "are back", "are back: number rows" },
    { "Backup size: ____", "Backup size", "Backup size: bytes" },
    { "Team size: ____", "Team size", "Team size: text" },
    { "E-mail: ____, phone: ____", "E-mail", "E-mail: email, phone: phone" },
    { "Project ID confirmed: `____`", "Project ID confirmed", "Project ID confirmed: identifier" },
    { "Update: nothing to fill in", "Update: nothing to fill in", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *page = g_strconcat ("- [ ] ", cases[i].text, "\n", NULL);
      g_autoptr (ErosImport) made = import (page, NULL);
      g_autoptr (GPtrArray) boxes = collect (made, EROS_ELEMENT_CHECK);
      g_autofree char *fields = describe (boxes->pdata[0]);

      g_assert_cmpstr (eros_element_get_text (boxes->pdata[0]), ==, cases[i].text);
      g_assert_cmpstr (eros_element_get_label (boxes->pdata[0]), ==, cases[i].label);
      g_assert_cmpstr (fields, ==, cases[i].fields);
    }
}

static void
test_outline (void)
{
  const char *page =
    "# Move\n\nWhy we move.\n\nDate: ____\n\n## Phase 0: Ready\n- [ ] a\n\n## Phase 2: Roll back\n"
    "### First\n- [ ] b\n#### Deep\n- [ ] c\n\n## Contacts\n- Ada: ____\n";
  g_autoptr (ErosImport) made = import (page, NULL);
  GListModel *phases = eros_runbook_get_phases (made->runbook);
  g_autoptr (ErosPhase) first = g_list_model_get_item (phases, 0);
  g_autoptr (ErosPhase) second = g_list_model_get_item (phases, 1);
  g_autoptr (ErosSection) deep = g_list_model_get_item (eros_phase_get_sections (second), 1);
  g_autoptr (ErosSection) contacts = g_list_model_get_item (eros_runbook_get_appendix (made->runbook), 0);

  g_assert_cmpstr (eros_runbook_get_title (made->runbook), ==, "Move");
  g_assert_cmpstr (eros_runbook_get_overview (made->runbook), ==, "Why we move.");
  g_assert_cmpuint (g_list_model_get_n_items (eros_runbook_get_details (made->runbook)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (phases), ==, 2);
  g_assert_cmpstr (eros_phase_get_title (first), ==, "Ready");
  g_assert_cmpuint (eros_phase_get_number (first), ==, 0);
  g_assert_cmpuint (eros_phase_get_number (second), ==, 2);
  g_assert_false (eros_phase_is_contingency (first));
  g_assert_true (eros_phase_is_contingency (second));
  g_assert_cmpstr (eros_section_get_title (deep), ==, "First – Deep");
  g_assert_cmpstr (eros_section_get_title (contacts), ==, "Contacts");
}

static void
test_parts (void)
{
  g_autofree char *release = load ("release");
  g_autofree char *migration = load ("schema-migration");
  g_autofree char *drill = load ("dr-drill");
  g_autoptr (ErosImport) one = import (release, NULL);
  g_autoptr (ErosImport) two = import (migration, NULL);
  g_autoptr (ErosImport) three = import (drill, NULL);
  g_autoptr (GPtrArray) messages = collect (one, EROS_ELEMENT_TEMPLATE);
  g_autoptr (GPtrArray) commands = collect (two, EROS_ELEMENT_COMMAND);
  g_autoptr (GPtrArray) boxes = collect (two, EROS_ELEMENT_CHECK);
  g_autoptr (GPtrArray) comparisons = collect (three, EROS_ELEMENT_COMPARISON);
  const ErosCheckBinding *check;
  guint n;

  g_assert_cmpuint (messages->len, ==, 1);
  g_assert_cmpstr (eros_element_get_subject (messages->pdata[0]), ==, "Release [VERSION] is out");
  g_assert_nonnull (strstr (eros_element_get_text (messages->pdata[0]), "- faster start\n- fewer errors"));
  eros_element_get_placeholders (messages->pdata[0], &n);
  g_assert_cmpuint (n, ==, 3);

  /* Without an expectation a query proves nothing: it is there to be run and read. */
  g_assert_cmpuint (commands->len, ==, 2);
  g_assert_cmpstr (eros_element_get_language (commands->pdata[0]), ==, "sh");
  g_assert_cmpstr (eros_element_get_language (commands->pdata[1]), ==, "sql");
  check = eros_element_get_check_binding (boxes->pdata[5]);
  g_assert_cmpuint (check->n_expectations, ==, 1);
  g_assert_true (g_str_has_prefix (check->sql, "SELECT COUNT(*) AS found FROM ("));
  check = eros_element_get_check_binding (boxes->pdata[6]);
  g_assert_cmpuint (check->n_expectations, ==, 2);
  g_assert_cmpstr (check->expectations[1].column, ==, "doubled");
  g_assert_null (eros_element_get_check_binding (boxes->pdata[7]));

  eros_element_get_metrics (comparisons->pdata[0], &n);
  g_assert_cmpuint (n, ==, 3);
}

static void
assert_kept (ErosImport *before, const char *text, ErosImport *after, const char *edited)
{
  g_autoptr (GPtrArray) old = collect (before, EROS_ELEMENT_CHECK);
  g_autoptr (GPtrArray) new = collect (after, EROS_ELEMENT_CHECK);
  const char *id = NULL;

  for (guint i = 0; i < old->len; i++)
    if (g_str_equal (eros_element_get_text (old->pdata[i]), text))
      id = eros_element_get_id (old->pdata[i]);
  g_assert_nonnull (id);
  for (guint i = 0; i < new->len; i++)
    if (g_str_equal (eros_element_get_text (new->pdata[i]), edited))
      {
        g_assert_cmpstr (eros_element_get_id (new->pdata[i]), ==, id);
        return;
      }
  g_error ("%s is not there", edited);
}

static void
test_second_import (void)
{
  const char *first =
    "# Go\n## Ready\n- [ ] Same\n- [ ] Row counts match expected values\n- [ ] Goes away soon\n"
    "- [ ] Same\n- [ ] Moves: ____\n## Then\n- [ ] Last\n";
  const char *second =
    "# Go\n## New one\n- [ ] Goes\n## 2. Ready\n- [ ] Entirely different thing\n"
    "- [ ] Row counts match the expected values\n- [ ] Same\n- [ ] Same\n## Then\n- [ ] Last\n"
    "- [ ] Moves: ____\n";
  g_autoptr (ErosImport) before = import (first, NULL);
  g_autoptr (ErosImport) after = import (second, before->runbook);
  g_autoptr (ErosImport) again = import (second, after->runbook);
  g_autoptr (GPtrArray) boxes = collect (after, EROS_ELEMENT_CHECK);

  assert_kept (before, "Row counts match expected values", after, "Row counts match the expected values");
  assert_kept (before, "Moves: ____", after, "Moves: ____");
  assert_kept (before, "Last", after, "Last");
  g_assert_nonnull (eros_runbook_find_phase (after->runbook, "ready"));
  g_assert_nonnull (eros_runbook_find_element (after->runbook, "ready.ready.same-2"));
  for (guint i = 0; i < boxes->len; i++)
    g_assert_cmpstr (eros_element_get_id (boxes->pdata[i]), !=, "ready.ready.goes-away-soon");
  g_assert_cmpuint (after->n_gone, ==, 1);
  g_assert_cmpuint (after->n_new, ==, 4); /* a phase, its section and box; a box */
  g_assert_cmpstr (again->json, ==, after->json);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    int code;
  } cases[] = {
    { "", EROS_IMPORT_ERROR_NOTHING_TO_DO },
    { "# Only\n\nwords - [ ] here\n", EROS_IMPORT_ERROR_NOTHING_TO_DO },
    { "- [ ] \xff\n", EROS_IMPORT_ERROR_NOT_TEXT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (eros_import_read (cases[i].text, strlen (cases[i].text), "x.md", NULL, &error));
      g_assert_error (error, EROS_IMPORT_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, "x.md"));
    }
}

/* Any text is imported or refused; what is imported loads. */
static void
test_random (void)
{
  static const char *const pieces[] = {
    "# ",
    "## ",
    "- [ ] ",
    "1. [ ] ",
    "____",
    "Name: ____",
    "Date: ____\n",
    "\n",
    "\n\n",
    "    ",
    "  ",
    "| a | b |\n|---|---|\n",
    "| [ ] | ____ |\n",
    "```sql\n-- expect: 0 rows\nSELECT 1\n```\n",
    "```\nSubject: [A B]\nx [C]\n```\n",
    "> ",
    "**",
    ":",
    "<details>",
    "</b>",
    "<!--",
    "-->",
    "`",
    "word ",
    "☐ ",
    "[x](y)",
    "---\n",
    "$",
    " %",
    "﹏",
    "\\_",
    "\t",
    "ä",
    "[A]",
    "${x}",
  };

  for (guint n = 0; n < 3000; n++)
    {
      g_autoptr (GString) text = g_string_new ("- [ ] one\n");
      guint length = (guint) g_test_rand_int_range (1, 40);

      for (guint i = 0; i < length; i++)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (ErosImport) made = eros_import_read (text->str, text->len, "x.md", NULL, &error);

        if (error != NULL && error->domain != EROS_IMPORT_ERROR)
          g_error ("%s\n---\n%s\n---", error->message, text->str);
        g_assert_true (made != NULL || error != NULL);
      }
    }
}

/* Of such a heading nothing is left that an element could be called. */
static void
test_nothing_but_a_colon (void)
{
  g_autoptr (ErosImport) made = import ("- [ ] one\n\n# :</b>\n\nDate: ____\nName: ____\n", NULL);
  g_autoptr (GPtrArray) sign_offs = collect (made, EROS_ELEMENT_SIGN_OFF);

  g_assert_cmpuint (sign_offs->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (checklists); i++)
    {
      g_autofree char *path = g_strdup_printf ("/import/checklists/%s", checklists[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_checklist);
    }
  g_test_add_func ("/import/the-wording-of-114-boxes-stays", test_wording);
  g_test_add_func ("/import/a-blank-has-a-label-and-a-type", test_types);
  g_test_add_func ("/import/headings-become-phases-and-sections", test_outline);
  g_test_add_func ("/import/messages-commands-checks-and-comparisons", test_parts);
  g_test_add_func ("/import/ids-stay-when-the-checklist-is-edited", test_second_import);
  g_test_add_func ("/import/what-is-no-checklist-is-refused", test_refused);
  g_test_add_func ("/import/a-heading-of-nothing-but-a-colon", test_nothing_but_a_colon);
  g_test_add_func ("/import/any-text-is-imported-or-refused", test_random);
  return g_test_run ();
}
