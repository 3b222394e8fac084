/* eros-report-boxes.c: whose signatures a report has room for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-boxes.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-pdf-sign.h"
#include "eros-report-verify.h"
#include "eros-whole-file.h"

/* Of whoever writes the report. */
#define OWN_BOX "report"

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Lower-case letters and digits of any script, with hyphens in between: "Technical Lead" → "technical-lead".
 */
static char *
make_slug (const char *text)
{
  GString *slug = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c))
        g_string_append_unichar (slug, g_unichar_tolower (c));
      else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
        g_string_append_c (slug, '-');
    }
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  return g_string_free (slug, FALSE);
}

typedef void (*SignOffFunc) (ErosElement *element, gpointer user_data);

static void
foreach_sign_off (ErosRunbook *runbook, SignOffFunc func, gpointer user_data)
{
  GListModel *phases = eros_runbook_get_phases (runbook);

  for (guint p = 0; p < g_list_model_get_n_items (phases); p++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, p);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, s);
          GListModel *elements = eros_section_get_elements (section);

          for (guint e = 0; e < g_list_model_get_n_items (elements); e++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, e);

              if (eros_element_get_kind (element) == EROS_ELEMENT_SIGN_OFF)
                func (element, user_data);
            }
        }
    }
}

static void
add_box_cb (ErosElement *element, gpointer user_data)
{
  const char *role = eros_element_get_role (element);
  ErosSignatureBox box = { make_slug (eros_element_get_id (element)),
                           g_strdup (role != NULL && *role != '\0' ? role
                                                                   : eros_element_get_label (element)) };

  g_array_append_val ((GArray *) user_data, box);
}

static void
box_clear (gpointer data)
{
  ErosSignatureBox *box = data;

  g_free (box->name);
  g_free (box->title);
}

GBytes *
eros_report_sign_first (GBytes *pdf, ErosRunbook *runbook, ErosSigner *signer, GError **error)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (ErosSignatureBox));
  ErosSignatureBox own = { g_strdup (OWN_BOX), g_strdup (_ ("Report")) };
  g_autoptr (GBytes) reserved = NULL;

  g_array_set_clear_func (boxes, box_clear);
  g_array_append_val (boxes, own);
  foreach_sign_off (runbook, add_box_cb, boxes);
  reserved = eros_pdf_add_boxes (pdf, (const ErosSignatureBox *) (gpointer) boxes->data, boxes->len, error);
  if (reserved == NULL)
    return NULL;
  return eros_pdf_sign_box (reserved, signer, OWN_BOX, _ ("This is the report of the deployment"), now (),
                            error);
}

typedef struct
{
  const char *box;
  ErosElement *element;
} Search;

static void
compare_cb (ErosElement *element, gpointer user_data)
{
  Search *search = user_data;
  g_autofree char *name = make_slug (eros_element_get_id (element));

  if (g_str_equal (name, search->box))
    search->element = element; /* the runbook keeps it */
}

ErosElement *
eros_report_find_sign_off (ErosRunbook *runbook, const char *box)
{
  Search search = { box, NULL };

  foreach_sign_off (runbook, compare_cb, &search);
  return search.element;
}

static char *
list_free_boxes (GPtrArray *boxes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < boxes->len; i++)
    {
      const ErosPdfBox *box = boxes->pdata[i];
      g_autofree char *slug = make_slug (box->title);

      if (!box->is_signed)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", slug);
    }
  return g_string_free (text, FALSE);
}

static const ErosPdfBox *
find_box (GPtrArray *boxes, const char *role, GError **error)
{
  const ErosPdfBox *found = NULL;
  g_autofree char *names = list_free_boxes (boxes);
  guint n = 0;

  for (guint i = 0; i < boxes->len; i++)
    {
      const ErosPdfBox *box = boxes->pdata[i];
      g_autofree char *slug = make_slug (box->title);

      if (g_strcmp0 (box->name, role) == 0)
        return box;
      if (g_str_equal (slug, role))
        {
          found = box;
          n++;
        }
    }
  if (n == 1)
    return found;
  if (n > 1)
    g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED,
                 _ ("The report has %u boxes for “%s”. Name one of them as it is called in the file."), n,
                 role);
  else if (*names == '\0')
    g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED,
                 _ ("The report has no box for “%s”, and none that is free."), role);
  else
    /* Translators: a role; a list of roles */
    g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED,
                 _ ("The report has no box for “%s”. Free are: %s."), role, names);
  return NULL;
}

static GBytes *
countersign (GBytes *pdf, ErosSigner *signer, const char *role, GError **error)
{
  g_autoptr (GPtrArray) boxes = eros_pdf_list_boxes (pdf, error);
  const ErosPdfBox *box = boxes != NULL ? find_box (boxes, role, error) : NULL;
  g_autofree char *reason = NULL;

  if (box == NULL)
    return NULL;
  /* Translators: a role */
  reason = g_strdup_printf (_ ("Signed as %s"), box->title);
  return eros_pdf_sign_box (pdf, signer, box->name, reason, now (), error);
}

typedef struct
{
  GFile *report;
  ErosSigner *signer;
  char *role;
  GFile *output;
} Countersigning;

static void
countersigning_free (gpointer data)
{
  Countersigning *self = data;

  g_object_unref (self->report);
  g_object_unref (self->signer);
  g_free (self->role);
  g_object_unref (self->output);
  g_free (self);
}

/* Nobody puts a name under what is not as it was signed. */
static gboolean
countersign_file (const Countersigning *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) before = eros_report_verify (self->report, cancellable, error);
  g_autoptr (GBytes) pdf = before != NULL ? eros_report_load (self->report, cancellable, error) : NULL;
  g_autoptr (GBytes) signed_pdf = NULL;

  if (pdf != NULL)
    signed_pdf = countersign (pdf, self->signer, self->role, error);
  return signed_pdf != NULL && !g_cancellable_set_error_if_cancelled (cancellable, error) &&
         eros_whole_file_write (self->output, signed_pdf, cancellable, error);
}

static void
countersign_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (countersign_file (data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
eros_report_countersign_async (GFile *report,
                               ErosSigner *signer,
                               const char *role,
                               GFile *output,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Countersigning *self = g_new0 (Countersigning, 1);

  self->report = g_object_ref (report);
  self->signer = g_object_ref (signer);
  self->role = g_strdup (role);
  self->output = g_object_ref (output);
  g_task_set_source_tag (task, eros_report_countersign_async);
  g_task_set_task_data (task, self, countersigning_free);
  g_task_run_in_thread (task, countersign_in_thread);
}

gboolean
eros_report_countersign_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
