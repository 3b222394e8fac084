/* eros-gate.c: who may come in
 *
 * The server has no pages of its own, so that whatever a browser sends on behalf of a page comes from
 * somebody else's. A page may send what an HTML form can send, and no more than that, without asking first;
 * it cannot hide that it does: https://fetch.spec.whatwg.org/#origin-header,
 * https://w3c.github.io/webappsec-fetch-metadata/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-gate.h"

#include <string.h>

/* The name under which it was called: a page in a browser must not reach it under a name of its own, which
 * its owner may point to this machine. */
static gboolean
is_local_name (const char *host)
{
  g_autofree char *name = g_ascii_strdown (host, -1);
  char *colon = strrchr (name, ':');

  if (colon != NULL && strchr (colon, ']') == NULL)
    *colon = '\0';
  return strcmp (name, "localhost") == 0 || strcmp (name, "127.0.0.1") == 0 || strcmp (name, "[::1]") == 0;
}

static gboolean
changes_something (ErosCall *call)
{
  return strcmp (call->method, "GET") != 0 && strcmp (call->method, "HEAD") != 0;
}

/* What a person types into a browser has no page that it comes from. */
static gboolean
comes_from_page (ErosCall *call)
{
  const char *site = eros_call_header (call, "Sec-Fetch-Site");

  return eros_call_header (call, "Origin") != NULL ||
         (site != NULL && (g_ascii_strcasecmp (site, "none") != 0 || changes_something (call)));
}

/**
 * eros_gate_admit:
 * @call: a call
 *
 * Returns: whether it may come in; if not, it has failed
 */
gboolean
eros_gate_admit (ErosCall *call)
{
  const char *host = eros_call_header (call, "Host");

  if (host != NULL && !is_local_name (host))
    eros_call_fail (call, 403, "forbidden", "This server answers on 127.0.0.1 only.");
  else if (comes_from_page (call))
    eros_call_fail (call, 403, "forbidden", "This server does not answer pages in a browser.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
is_upload (const ErosRoute *route)
{
  return route->handler == eros_handle_objects_upload || route->handler == eros_handle_jobs_upload;
}

static gboolean
is_json (const char *type)
{
  return type != NULL && (g_ascii_strcasecmp (type, "application/json") == 0 ||
                          (g_ascii_strncasecmp (type, "application/", 12) == 0 && strlen (type) > 17 &&
                           g_ascii_strcasecmp (type + strlen (type) - 5, "+json") == 0));
}

/* What a page may send without asking first: https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
static gboolean
is_of_form (const char *type)
{
  return type == NULL || g_ascii_strcasecmp (type, "text/plain") == 0 ||
         g_ascii_strcasecmp (type, "multipart/form-data") == 0 ||
         g_ascii_strcasecmp (type, "application/x-www-form-urlencoded") == 0;
}

static gboolean
is_type_taken (ErosCall *call, const ErosRoute *route, const char *type)
{
  gboolean is_content = g_strcmp0 (eros_call_query (call, "uploadType"), "media") == 0 ||
                        eros_call_query (call, "upload_id") != NULL;

  if (route->handler == eros_handle_token)
    return is_json (type) ||
           (type != NULL && g_ascii_strcasecmp (type, "application/x-www-form-urlencoded") == 0);
  if (route->handler == eros_handle_batch)
    return type != NULL && g_ascii_strcasecmp (type, "multipart/mixed") == 0;
  if (!is_upload (route))
    return is_json (type);
  /* The content itself may be anything. */
  return is_content || !is_of_form (type);
}

/**
 * eros_gate_check_body:
 * @call: a call
 * @route: who answers it
 *
 * Returns: whether its body says to be of a kind that @route takes; if not, the call has failed
 */
gboolean
eros_gate_check_body (ErosCall *call, const ErosRoute *route)
{
  SoupMessageHeaders *headers = call->request_headers;
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  if (!changes_something (call) || g_bytes_get_size (call->body) == 0 || is_type_taken (call, route, type))
    return TRUE;
  eros_call_fail (call, 415, "unsupportedMediaType",
                  "The Content-Type %s is not taken here; JSON must be sent as application/json.",
                  type != NULL ? type : "(none)");
  return FALSE;
}

/* (nullable) */
static const char *
token_of (ErosCall *call)
{
  const char *header = eros_call_header (call, "Authorization");

  return header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0 ? header + 7 : NULL;
}

/**
 * eros_gate_refuse_token:
 * @call: a call
 *
 * Makes the token that was sent worthless, and fails with 401.
 */
void
eros_gate_refuse_token (ErosCall *call)
{
  const char *token = token_of (call);

  eros_auth_expire (call->service->auth, token);
  eros_call_fail (call, 401, "authError",
                  token == NULL
                    ? "Request is missing required authentication credential. Expected OAuth 2 access token,"
                      " login cookie or other valid authentication credential."
                    : "Request had invalid authentication credentials. Expected OAuth 2 access token, login"
                      " cookie or other valid authentication credential.");
  eros_call_add_header (call, "WWW-Authenticate",
                        "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"");
}

/**
 * eros_gate_identify:
 * @call: a call
 * @route: (nullable): who answers it
 *
 * Finds out who calls. Only where tokens are given out nobody needs one.
 *
 * Returns: whether the call may go on; if not, it has failed with 401
 */
gboolean
eros_gate_identify (ErosCall *call, const ErosRoute *route)
{
  ErosAuth *auth = call->service->auth;
  const char *token = token_of (call);
  gboolean gives_tokens = route != NULL && route->handler == eros_handle_token;

  call->user_email = token != NULL ? eros_auth_check (auth, token) : NULL;
  if (call->user_email != NULL)
    return TRUE;
  if (!gives_tokens && eros_auth_is_required (auth))
    {
      eros_gate_refuse_token (call);
      return FALSE;
    }
  call->user_email = call->service->user;
  return TRUE;
}

/**
 * eros_gate_seal:
 * @headers: of an answer
 *
 * Says to a browser that it may neither guess what the answer is, nor show it in a page, nor run it.
 */
void
eros_gate_seal (SoupMessageHeaders *headers)
{
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Content-Security-Policy",
                                "sandbox; default-src 'none'; frame-ancestors 'none'");
  soup_message_headers_replace (headers, "Cross-Origin-Resource-Policy", "same-origin");
}
