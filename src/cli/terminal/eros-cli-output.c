/* eros-cli-output.c: standard output, and what becomes of it
 *
 * Standard output may be a full disk, or a pipe that nobody reads any more (“| head -1”). Work that nobody
 * can follow stops in good order, as after Ctrl+C, and says why where it still can.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-output.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-cli-private.h"
#include "eros-text.h"

/* Nobody wonders so soon. Later it need not be said so often. */
#define FIRST_SILENCE_US (2 * G_USEC_PER_SEC - G_USEC_PER_SEC / 2)
#define SILENCE_US       (4 * G_USEC_PER_SEC)
#define LONGEST_US       (G_TIME_SPAN_MINUTE)

static gboolean wants_json;
static gboolean is_in_lines; /* JSON: each value on one */
static gboolean has_json;
static gint64 spoken;  /* when, monotonic */
static gint64 silence; /* how long nothing is said; 0: as at first */
static char *(*describe_waiting) (gpointer data);
static gpointer waiting_data;
static ErosConnection *connection; /* (nullable): whose server may have to be waited for */
static int lost;                   /* errno of the first write that failed */

static void
note_loss (int number)
{
  if (lost != 0)
    return;
  lost = number != 0 ? number : EIO;
  g_cancellable_cancel (eros_cli_get_interruption ());
}

static void
look_at_stdout (int result)
{
  if (result < 0 || ferror (stdout))
    note_loss (errno);
}

void
eros_cli_output_begin (gboolean json)
{
  wants_json = json;
  signal (SIGPIPE, SIG_IGN);
  /* Each line as soon as it is there: what has been lost is known while it can still be acted upon. */
  setvbuf (stdout, NULL, _IOLBF, BUFSIZ);
}

static void
put (const char *text)
{
  spoken = g_get_monotonic_time ();
  silence = 0;
  errno = 0;
  look_at_stdout (fputs (text, stdout));
}

void
eros_cli_print (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = eros_text_vformat (format, arguments);
  va_end (arguments);
  put (text);
}

void
eros_cli_print_lines (const char *text)
{
  g_autofree char *shown = eros_text_show (text);

  put (shown);
}

void
eros_cli_complain (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = eros_text_vformat (format, arguments);
  va_end (arguments);
  fputs (text, stderr);
}

void
eros_cli_print_json_text (const char *json)
{
  g_autofree char *shown = eros_text_show_json (json);
  g_autofree char *line = g_strconcat (shown, "\n", NULL);

  has_json = TRUE;
  put (line);
}

void
eros_cli_set_json_lines (void)
{
  is_in_lines = TRUE;
}

void
eros_cli_print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, !is_in_lines);

  eros_cli_print_json_text (text);
  json_node_unref (node);
}

void
eros_cli_set_waiting (char *(*describe) (gpointer data), gpointer data)
{
  describe_waiting = describe;
  waiting_data = data;
}

static char *
describe (void)
{
  g_autofree char *work = describe_waiting != NULL ? describe_waiting (waiting_data) : NULL;
  const char *waiting = connection != NULL ? eros_connection_get_waiting (connection) : NULL;

  if (waiting != NULL && work != NULL)
    return g_strconcat (work, ": ", waiting, NULL);
  return waiting != NULL ? g_strdup (waiting)
         : work != NULL  ? g_steal_pointer (&work)
                         : g_strdup (_ ("still at work"));
}

void
eros_cli_watch_connection (ErosConnection *watched)
{
  g_set_object (&connection, watched);
}

/* JSON is alone on standard output. Who waits long is told seldom, and how things are with each line. */
void
eros_cli_tell_waiting (void)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next = silence > 0 ? MIN (2 * silence, LONGEST_US) : SILENCE_US;
  g_autofree char *text = NULL;

  if (spoken == 0)
    spoken = now;
  if (now - spoken < (silence > 0 ? silence : FIRST_SILENCE_US))
    return;
  text = describe ();
  if (wants_json)
    eros_cli_complain (_ ("… %s (Ctrl+C stops it safely)\n"), text);
  else
    {
      eros_cli_print (_ ("… %s (Ctrl+C stops it safely)\n"), text);
      fflush (stdout);
    }
  spoken = g_get_monotonic_time ();
  silence = next;
}

static const char *
word_of (int status)
{
  switch (status)
    {
    case EROS_EXIT_USAGE:
      return "usage";
    case EROS_EXIT_NOT_ALLOWED:
      return "not-allowed";
    case EROS_EXIT_UNAVAILABLE:
      return "unavailable";
    case EROS_EXIT_UNDECIDED:
      return "undecided";
    case EROS_EXIT_INTERRUPTED:
      return "interrupted";
    default:
      return "failed";
    }
}

static void
print_json_error (const char *message, int status)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *error = json_object_new ();
  JsonObject *object = json_object_new ();

  json_object_set_string_member (error, "kind", word_of (status));
  json_object_set_int_member (error, "status", status);
  json_object_set_string_member (error, "message", message);
  json_object_set_object_member (object, "error", error);
  json_node_take_object (node, object);
  eros_cli_print_json (node);
}

void
eros_cli_complain_of (const GError *error, int status)
{
  /* Only what this room has written itself may have more than one line, and what lists its own sentences. */
  g_autofree char *shown =
    error->domain == EROS_CLI_ERROR ||
        g_error_matches (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON)
      ? eros_text_show (error->message)
      : eros_text_show_line (error->message);

  fprintf (stderr, "eros-deploy: %s\n", shown);
  if (wants_json && !has_json)
    print_json_error (shown, status);
}

gboolean
eros_cli_output_end (void)
{
  errno = 0;
  look_at_stdout (fflush (stdout));
  if (lost == 0)
    return TRUE;
  fprintf (stderr,
           /* Translators: %s: “No space left on device”, “Broken pipe” */
           _ ("eros-deploy: Not all of the output could be written: %s. What is in the journal is whole; "
              "“eros-deploy "
              "status” shows it.\n"),
           g_strerror (lost));
  return FALSE;
}

int
eros_cli_output_lost (void)
{
  return lost;
}
