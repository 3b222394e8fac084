/* eros-handle-clock.c: setting the server's clock ahead, with production going on meanwhile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-clock.h"
#include "eros-json-reader.h"
#include "eros-production.h"
#include "eros-service-private.h"

#define MOST (10 * 366 * 24 * 60 * 60) /* seconds */

static void
reply (ErosCall *call)
{
  ErosJsonWriter *writer = eros_call_reply (call);

  eros_json_open (writer, NULL, '{');
  eros_json_int (writer, "ahead_seconds", eros_clock_get_ahead () / G_USEC_PER_SEC);
  eros_json_int (writer, "now", eros_clock_get_now () / 1000);
  eros_json_close (writer, '}');
}

void
eros_handle_clock_get (ErosCall *call)
{
  reply (call);
}

/* {"ahead_seconds": N, "production": "healthy"}. What production does is there before the clock says that it
 * is later, so that nobody sees a time in which nothing happened. A clock that is ahead of that already
 * stays: whoever has asked, and was ended before the answer came, asks again. */
void
eros_handle_clock_post (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  gint64 seconds = body != NULL ? eros_json_get_int (body, "ahead_seconds", -1) : -1;
  const char *scenario = body != NULL ? eros_json_get_string (body, "production") : NULL;
  gint64 before = eros_clock_get_ahead ();
  g_autoptr (GError) error = NULL;

  if (body == NULL)
    return;
  if (seconds < 0 || seconds > MOST)
    {
      eros_call_fail (call, 400, "invalid", "ahead_seconds must be a number of seconds from 0 to ten years");
      return;
    }
  if (scenario != NULL && seconds * G_USEC_PER_SEC > before &&
      !eros_production_go_on (call->service->engine, call->service->project, scenario, eros_clock_get_now (),
                              g_get_real_time () + seconds * G_USEC_PER_SEC, &error))
    {
      eros_call_fail (call, 400, "invalid", "%s", error->message);
      return;
    }
  eros_clock_advance (seconds * G_USEC_PER_SEC);
  reply (call);
}
