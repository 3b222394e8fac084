/* test-refusals.c: what Google's services say no with, what it means and what to do
 *
 * The bodies have the forms in which the services were seen to answer; names and words are our own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libsoup/soup.h>
#include <string.h>

#include "eros-big-query.h"
#include "eros-sentences.h"

typedef enum
{
  NEVER,
  RESEND, /* the same request */
  RERUN,  /* the same work as another job */
} Again;

typedef struct
{
  const char *name;
  guint status; /* 0: a job's errorResult */
  const char *body;
  ErosBigQueryError code;
  Again again;
  const char *advice;       /* is in it */
  const char *authenticate; /* (nullable) */
} Refusal;

/* As BigQuery and Cloud Storage answer, as the newer services do, and as a job says it. */
#define OLD(code, reason, message)                                                                           \
  "{\"error\":{\"errors\":[{\"domain\":\"global\",\"reason\":\"" reason "\",\"message\":\"" message          \
  "\"}],\"code\":" #code ",\"message\":\"" message "\"}}"
#define NEW(code, status, details, message)                                                                  \
  "{\"error\":{\"code\":" #code ",\"message\":\"" message "\",\"status\":\"" status "\",\"details\":["       \
  "{\"@type\":\"type.googleapis.com/google.rpc.Help\"}" details "]}}"
#define INFO(reason)                                                                                         \
  ",{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"" reason                            \
  "\",\"domain\":\"googleapis.com\"}"
#define BOTH(code, reason, details, message)                                                                 \
  "{\"error\":{\"code\":" #code ",\"message\":\"" message "\",\"errors\":[{\"reason\":\"" reason             \
  "\"}],\"details\":[{}" details "]}}"
#define JOB(reason, message) reason "\n" message
#define XML(code, message, details)                                                                          \
  "<?xml version='1.0'?><Error><Code>" code "</Code><Message>" message "</Message><Details>" details         \
  "</Details></Error>"
#define PAGE(title) "<!DOCTYPE html>\n<html lang=en>\n<title>" title "</title>\n<p>That is all we know."

#define SIGN_IN     EROS_BIG_QUERY_ERROR_SIGN_IN
#define DENIED      EROS_BIG_QUERY_ERROR_DENIED
#define NOT_FOUND   EROS_BIG_QUERY_ERROR_NOT_FOUND
#define INVALID     EROS_BIG_QUERY_ERROR_INVALID
#define QUOTA       EROS_BIG_QUERY_ERROR_QUOTA
#define CONFLICT    EROS_BIG_QUERY_ERROR_CONFLICT
#define CHANGED     EROS_BIG_QUERY_ERROR_CHANGED
#define DUPLICATE   EROS_BIG_QUERY_ERROR_DUPLICATE
#define UNAVAILABLE EROS_BIG_QUERY_ERROR_UNAVAILABLE
#define BUDGET      EROS_BIG_QUERY_ERROR_BUDGET
#define STOPPED     EROS_BIG_QUERY_ERROR_STOPPED
#define FAILED      EROS_BIG_QUERY_ERROR_FAILED

static const Refusal refusals[] = {
  /* who */
  { "a-401-without-credentials", 401, OLD (401, "required", "Log in first"), SIGN_IN, NEVER,
    "Sign in again" },
  { "a-401-of-an-old-token", 401, OLD (401, "authError", "Bad credentials"), SIGN_IN, NEVER,
    "Sign in again" },
  { "a-401-of-a-new-service", 401, NEW (401, "UNAUTHENTICATED", INFO ("CREDENTIALS_MISSING"), "No token."),
    SIGN_IN, NEVER, "Sign in again" },
  { "a-401-with-any-reason", 401, OLD (401, "notFound", "No account"), SIGN_IN, NEVER, "Sign in again" },
  { "a-401-as-a-web-page", 401, PAGE ("Error 401"), SIGN_IN, NEVER, "Sign in again" },
  { "a-401-without-a-body", 401, "", SIGN_IN, NEVER, "Sign in again" },
  { "a-key-of-another-account", 400, "{\"error\":\"invalid_grant\",\"error_description\":\"Bad signature\"}",
    SIGN_IN, NEVER, "Sign in again" },
  { "a-clock-that-is-wrong", 400,
    "{\"error\":\"invalid_grant\",\"error_description\":\"Not in a reasonable timeframe: check iat and "
    "exp.\"}",
    SIGN_IN, NEVER, "clock is wrong" },

  /* scopes */
  { "a-scope-as-insufficient-permissions", 403,
    OLD (403, "insufficientPermissions", "Insufficient Permission"), DENIED, NEVER, "The sign-in itself" },
  { "a-scope-as-forbidden", 403,
    OLD (403, "forbidden", "The request had insufficient authentication scopes."), DENIED, NEVER,
    "The sign-in itself" },
  { "a-scope-in-details-alone", 403,
    NEW (403, "PERMISSION_DENIED", INFO ("ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "Not for this token."), DENIED,
    NEVER, "The sign-in itself" },
  { "a-scope-in-details-beside-forbidden", 403,
    BOTH (403, "forbidden", INFO ("ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "Denied"), DENIED, NEVER,
    "The sign-in itself" },
  { "a-scope-in-the-header", 403, OLD (403, "forbidden", "Denied"), DENIED, NEVER, "The sign-in itself",
    "Bearer realm=\"x\", error=\"insufficient_scope\", scope=\"y\"" },

  /* permissions */
  { "a-role-for-jobs", 403,
    OLD (403,
         "accessDenied",
         "Access Denied: Project p: User does not have bigquery.jobs.create permission in p."),
    DENIED, NEVER, "the role “BigQuery Job User”" },
  { "a-role-for-tables", 403,
    OLD (403,
         "accessDenied",
         "Permission bigquery.tables.getData denied on table p:d.t (or it may not exist)."),
    DENIED, NEVER, "the role “BigQuery Data Owner”" },
  { "a-role-for-objects", 403,
    OLD (403, "forbidden", "x@p does not have storage.objects.get access to the object."), DENIED, NEVER,
    "the role “Storage Admin”" },
  { "a-role-for-charging-a-project", 403,
    OLD (403, "forbidden", "x@p does not have serviceusage.services.use access to project 1."), DENIED, NEVER,
    "the role “Service Usage Consumer”" },
  { "a-role-for-charging-in-details", 403,
    NEW (403, "PERMISSION_DENIED", INFO ("USER_PROJECT_DENIED"), "Caller may not use project p."), DENIED,
    NEVER, "the role “Service Usage Consumer”" },
  { "a-role-for-impersonation", 403,
    NEW (403,
         "PERMISSION_DENIED",
         INFO ("IAM_PERMISSION_DENIED"),
         "Permission 'iam.serviceAccounts.getAccessToken' denied on resource."),
    DENIED, NEVER, "the role “Service Account Token Creator”" },
  { "a-role-nobody-knows", 403, OLD (403, "forbidden", "Forbidden"), DENIED, NEVER, "a role that allows it" },
  { "a-refused-job", 0,
    JOB ("accessDenied", "Access Denied: Table p:d.t: no bigquery.tables.update permission"), DENIED, NEVER,
    "the role “BigQuery Data Owner”" },
  { "nobody-as-xml", 403,
    XML ("AccessDenied", "Access denied.", "Anonymous caller has no storage.objects.get."), DENIED, NEVER,
    "sign-in" },

  /* settings */
  { "a-service-off-in-errors", 403, OLD (403, "accessNotConfigured", "X API has never been used."), DENIED,
    NEVER, "enable this service" },
  { "a-service-off-in-details", 403,
    NEW (403, "PERMISSION_DENIED", INFO ("SERVICE_DISABLED"), "Not enabled."), DENIED, NEVER,
    "enable this service" },
  { "a-service-off-in-words", 403,
    NEW (403, "PERMISSION_DENIED", "", "X API has not been used in project 1 before or it is disabled."),
    DENIED, NEVER, "enable this service" },
  { "billing-by-reason", 403, OLD (403, "billingNotEnabled", "Not free."), DENIED, NEVER, "billing account" },
  { "billing-as-forbidden", 403, OLD (403, "forbidden", "Project p (#1) has billing disabled. Enable it."),
    DENIED, NEVER, "billing account" },
  { "billing-that-was-closed", 403,
    OLD (403, "forbidden", "The billing account for the owning project is disabled in state closed"), DENIED,
    NEVER, "billing account" },
  { "a-key-that-is-blocked", 403,
    NEW (403, "PERMISSION_DENIED", INFO ("API_KEY_SERVICE_BLOCKED"), "Blocked."), DENIED, NEVER,
    "restricted" },
  { "a-perimeter", 403, OLD (403, "policyViolation", "Request is prohibited by organization's policy. id: 1"),
    DENIED, NEVER, "policy of the organization" },
  { "a-constraint", 412, OLD (412, "conditionNotMet", "Request violates constraint 'constraints/storage.x'"),
    DENIED, NEVER, "policy of the organization" },
  { "an-object-under-retention", 403,
    OLD (403, "retentionPolicyNotMet", "Object 'b/o' may not be deleted until 2030."), DENIED, NEVER,
    "keeps its objects" },
  { "a-locked-bucket", 403, OLD (403, "forbidden", "The bucket's Retention Policy is locked."), DENIED, NEVER,
    "keeps its objects" },

  /* nobody of the service */
  { "a-403-as-a-web-page", 403, PAGE ("Error 403 (Forbidden)"), FAILED, NEVER,
    "whatever stands before the service" },
  { "a-404-as-a-web-page", 404, PAGE ("Error 404"), FAILED, NEVER, "whatever stands before the service" },
  { "a-page-after-a-comment", 403, "<!-- x -->\n<HTML><HEAD><TITLE>Blocked</TITLE>", FAILED, NEVER,
    "whatever stands before the service" },
  { "a-way-elsewhere", 302, "", FAILED, NEVER, "whatever stands before the service" },
  { "a-proxy", 407, "", FAILED, NEVER, "proxy" },
  { "a-502-as-a-web-page", 502, PAGE ("Error 502"), UNAVAILABLE, RESEND, "Try again in some minutes" },
  { "a-429-as-a-web-page", 429, PAGE ("Sorry"), QUOTA, RESEND, "wait a little" },

  /* rates and quotas */
  { "a-rate-as-403", 403, OLD (403, "rateLimitExceeded", "Exceeded rate limits: metadata updates."), QUOTA,
    RESEND, "wait a little" },
  { "a-rate-as-429", 429, OLD (429, "rateLimitExceeded", "Too many buckets."), QUOTA, RESEND,
    "wait a little" },
  { "a-rate-in-details", 429,
    NEW (429,
         "RESOURCE_EXHAUSTED",
         INFO ("RATE_LIMIT_EXCEEDED"),
         "Quota 'Reads per minute per user' is exceeded."),
    QUOTA, RESEND, "wait a little" },
  { "a-rate-of-a-status-alone", 429, NEW (429, "RESOURCE_EXHAUSTED", "", "Slow down."), QUOTA, RESEND,
    "wait a little" },
  { "a-rate-of-a-user", 403, OLD (403, "userRateLimitExceeded", "Slow down."), QUOTA, RESEND,
    "wait a little" },
  { "a-day-as-429", 429,
    OLD (429, "rateLimitExceeded", "Quota 'Queries' and limit 'Queries per day' exceeded."), QUOTA, NEVER,
    "tomorrow" },
  { "a-day-as-403", 403, OLD (403, "quotaExceeded", "Your usage exceeded QueryUsagePerUserPerDay."), QUOTA,
    NEVER, "tomorrow" },
  { "a-day-in-details", 429,
    NEW (429,
         "RESOURCE_EXHAUSTED",
         INFO ("RATE_LIMIT_EXCEEDED"),
         "Limit 'Queries per day per user' exceeded."),
    QUOTA, NEVER, "tomorrow" },
  { "a-daily-limit", 403, OLD (403, "dailyLimitExceeded", "Limit exceeded."), QUOTA, NEVER, "tomorrow" },
  { "a-quota-without-a-time", 403, OLD (403, "quotaExceeded", "Your table exceeded quota for loads."), QUOTA,
    NEVER, "raise it" },
  { "a-quota-for-a-rate", 403, OLD (403, "quotaExceeded", "Exceeded quota for bytes per second."), QUOTA,
    RESEND, "wait a little" },
  { "a-rate-that-ended-a-job", 400, OLD (400, "jobRateLimitExceeded", "Job exceeded rate limits: updates."),
    QUOTA, RERUN, "wait a little" },
  { "a-rate-of-a-job", 0, JOB ("rateLimitExceeded", "Exceeded rate limits: updates of this table."), QUOTA,
    RERUN, "wait a little" },
  { "bytes-billed", 500,
    OLD (500, "bytesBilledLimitExceeded", "Limit for bytes billed: 1. 2 or higher required."), BUDGET, NEVER,
    "nothing is charged" },
  { "bytes-billed-of-a-job", 0, JOB ("bytesBilledLimitExceeded", "Limit for bytes billed: 1."), BUDGET, NEVER,
    "raise the limit" },

  /* limits of a statement */
  { "an-answer-that-is-too-large", 403, OLD (403, "responseTooLarge", "The response is too large."), INVALID,
    NEVER, "Ask for less" },
  { "an-answer-of-a-job-that-is-too-large", 0, JOB ("responseTooLarge", "The response is too large."),
    INVALID, NEVER, "Ask for less" },
  { "a-heavy-statement", 400, OLD (400, "resourcesExceeded", "Resources exceeded during query execution."),
    INVALID, NEVER, "lighter" },
  { "a-data-set-in-use", 400, OLD (400, "resourceInUse", "Dataset p:d is in use"), INVALID, NEVER,
    "still something" },
  { "a-bucket-in-use", 409, OLD (409, "conflict", "The bucket you tried to delete is not empty."), INVALID,
    NEVER, "still something" },

  /* our mistakes */
  { "a-broken-query", 400, OLD (400, "invalidQuery", "Syntax error: Unexpected x at [1:2]"), INVALID, NEVER,
    "Correct the statement" },
  { "a-broken-query-of-a-job", 0, JOB ("invalidQuery", "Query error: Division by zero at [3:4]"), INVALID,
    NEVER, "Correct the statement" },
  { "a-broken-schema", 400, OLD (400, "invalid", "Field x has no type"), INVALID, NEVER,
    "Correct what was asked for" },
  { "something-required", 400, OLD (400, "required", "Required"), INVALID, NEVER,
    "Correct what was asked for" },
  { "an-argument-of-a-new-service", 400, NEW (400, "INVALID_ARGUMENT", "", "Bad location."), INVALID, NEVER,
    "Correct what was asked for" },
  { "requester-pays", 400, OLD (400, "required", "This is a requester pays bucket."), INVALID, NEVER,
    "has to pay" },
  { "damaged-on-the-way", 400, OLD (400, "invalid", "Provided CRC32C x does not match calculated CRC32C y."),
    INVALID, NEVER, "send it again" },
  { "a-range-as-xml", 416, XML ("InvalidRange", "The range is outside.", "bytes=9-"), INVALID, NEVER,
    "Correct what was asked for" },

  /* what is not there, and what is there already */
  { "a-table", 404, OLD (404, "notFound", "Not found: Table p:d.t"), NOT_FOUND, NEVER, "Check the name" },
  { "a-data-set-elsewhere", 404, OLD (404, "notFound", "Not found: Dataset p:d was not found in location US"),
    NOT_FOUND, NEVER, "another location" },
  { "an-entity-of-a-new-service", 404, NEW (404, "NOT_FOUND", "", "Account deleted: 1"), NOT_FOUND, NEVER,
    "Check the name" },
  { "an-object-as-xml", 404, XML ("NoSuchKey", "There is no such key.", "b/o"), NOT_FOUND, NEVER,
    "Check the name" },
  { "an-object-as-text", 404, "No such object: b/o", NOT_FOUND, NEVER, "Check the name" },
  { "a-table-of-a-job", 0, JOB ("notFound", "Not found: Table p:d.t"), NOT_FOUND, NEVER, "Check the name" },
  { "a-data-set-again", 409, OLD (409, "duplicate", "Already Exists: Dataset p:d"), DUPLICATE, NEVER,
    "there already" },
  { "a-config-again", 409, NEW (409, "ALREADY_EXISTS", "", "Exists."), DUPLICATE, NEVER, "there already" },
  { "a-bucket-again", 409, OLD (409, "conflict", "You own this bucket."), DUPLICATE, NEVER, "another name" },

  /* others at work */
  { "a-precondition", 412, OLD (412, "conditionNotMet", "Precondition Failed"), CHANGED, NEVER,
    "Somebody else" },
  { "an-object-being-edited", 409, OLD (409, "conflict", "The metadata was edited during the operation."),
    CHANGED, NEVER, "Somebody else" },
  { "a-policy-being-edited", 409, NEW (409, "ABORTED", "", "Concurrent policy changes."), CHANGED, NEVER,
    "Somebody else" },
  { "a-conflict", 400,
    OLD (400, "invalidQuery", "Could not serialize access to table p:d.t due to concurrent update"), CONFLICT,
    RERUN, "Try again" },
  { "a-conflict-of-a-job", 0,
    JOB ("invalidQuery",
         "Query error: Transaction is aborted due to concurrent update against table p:d.t at [2:1]"),
    CONFLICT, RERUN, "Try again" },
  { "words-of-a-conflict-in-a-string", 400,
    OLD (400, "invalidQuery", "Unrecognized name: could not serialize access at [1:8]"), INVALID, NEVER,
    "Correct the statement" },

  /* theirs */
  { "a-503", 503, OLD (503, "backendError", "Visibility is unavailable."), UNAVAILABLE, RESEND,
    "some minutes" },
  { "a-500", 500, OLD (500, "internalError", "An internal error."), UNAVAILABLE, RESEND, "some minutes" },
  { "a-503-of-a-new-service", 503, NEW (503, "UNAVAILABLE", "", "Not now."), UNAVAILABLE, RESEND,
    "some minutes" },
  { "a-504-without-a-body", 504, "", UNAVAILABLE, RESEND, "some minutes" },
  { "a-job-that-their-fault-ended", 400,
    OLD (400, "jobBackendError", "Error during execution. Retry the job."), UNAVAILABLE, RERUN,
    "Start it again" },
  { "a-job-that-their-fault-ended-as-503", 503, OLD (503, "jobInternalError", "Error during execution."),
    UNAVAILABLE, RERUN, "Start it again" },
  { "a-job-that-their-fault-ended-without-its-reason", 400,
    OLD (400, "invalid", "The job encountered an internal error during execution."), UNAVAILABLE, RERUN,
    "Start it again" },
  { "a-job-of-theirs", 0, JOB ("backendError", "Streaming is unavailable."), UNAVAILABLE, RERUN,
    "Try again" },
  { "a-job-that-was-stopped", 0, JOB ("stopped", "Job execution was cancelled"), STOPPED, NEVER,
    "It was stopped" },
};

static GError *
make (const Refusal *refusal)
{
  g_auto (GStrv) parts = NULL;

  if (refusal->status > 0)
    return eros_big_query_error_of_answer (refusal->status, refusal->authenticate, refusal->body,
                                           strlen (refusal->body));
  parts = g_strsplit (refusal->body, "\n", 2);
  return eros_big_query_error_new (0, parts[0], parts[1]);
}

static void
test_refusal (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr (GError) error = make (refusal);
  const char *advice = eros_big_query_error_get_advice (error);
  g_autofree char *joined = eros_sentences_join (eros_big_query_error_get_said (error), advice);

  g_test_message ("%s", error->message);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, (int) refusal->code);
  g_assert_cmpint (eros_big_query_error_is_transient (error), ==, refusal->again == RESEND);
  g_assert_cmpint (eros_big_query_error_may_pass (error), ==, refusal->again != NEVER);
  g_assert_true (eros_big_query_error_is_sign_in (error) == (refusal->code == SIGN_IN));
  g_assert_nonnull (advice);
  g_assert_nonnull (strstr (advice, refusal->advice));
  g_assert_true (g_str_has_suffix (advice, "."));
  /* What was said and what to do, each once. */
  g_assert_cmpstr (error->message, ==, joined);
  g_assert_null (strstr (error->message, ".."));
  g_assert_null (strstr (error->message, ". ."));
  g_assert_false (strchr ("{<", *error->message) != NULL);
}

static void
test_a_missing_permission_names_its_role (void)
{
  g_autoptr (GError) denied = eros_big_query_error_new (
    403, "accessDenied",
    "Access Denied: Project p: User does not have bigquery.jobs.create permission in p.");
  g_autoptr (GError) invalid = eros_big_query_error_new (400, "invalidQuery", "Syntax error at [1:1]");

  g_assert_cmpstr (eros_big_query_error_get_role (denied), ==, "BigQuery Job User");
  g_assert_null (eros_big_query_error_get_role (invalid));
}

static void
test_sentences_have_one_stop_between_them (void)
{
  static const char *const cases[][3] = {
    { "It failed", "Go on.", "It failed. Go on." },
    { "It failed.", "Go on.", "It failed. Go on." },
    { "It failed. ", "Go on.", "It failed. Go on." },
    { "It failed!", "Go on.", "It failed! Go on." },
    { "Why?", "Go on.", "Why? Go on." },
    { "(It failed.)", "Go on.", "(It failed.) Go on." },
    { "It said “no.”", "Go on.", "It said “no.” Go on." },
    { "It said “no”", "Go on.", "It said “no”. Go on." },
    { "It failed:", "Go on.", "It failed. Go on." },
    { "It failed\n", "Go on.", "It failed. Go on." },
    { "at [1:2]", "Go on.", "at [1:2]. Go on." },
    { "", "Go on.", "Go on." },
    { NULL, "Go on.", "Go on." },
    { "It failed", NULL, "It failed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *joined = eros_sentences_join (cases[i][0], cases[i][1]);

      g_assert_cmpstr (joined, ==, cases[i][2]);
    }
}

/* Whatever is sent in the place of an answer gives an error with a sentence. */
static void
test_no_body_is_too_strange (void)
{
  static const char *const bodies[] = { "",
                                        "null",
                                        "[]",
                                        "{}",
                                        "{\"error\":null}",
                                        "{\"error\":[]}",
                                        "{\"error\":{}}",
                                        "{\"error\":{\"errors\":{},\"details\":5,\"message\":7}}",
                                        "{\"error\":{\"errors\":[7,null,{\"reason\":8}],\"message\":\"\"}}",
                                        "{\"error\":{\"details\":[[],{\"reason\":{}}]}}",
                                        "<Error>",
                                        "<Error><Code></Code></Error>",
                                        "<html",
                                        "\xff\xfe" };
  static const guint statuses[] = { 300, 400, 401, 403, 404, 409, 412, 418, 429, 451, 500, 599 };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    for (guint j = 0; j < G_N_ELEMENTS (statuses); j++)
      {
        g_autoptr (GError) error =
          eros_big_query_error_of_answer (statuses[j], NULL, bodies[i], strlen (bodies[i]));

        g_assert_true (error->domain == EROS_BIG_QUERY_ERROR);
        g_assert_cmpuint (strlen (eros_big_query_error_get_said (error)), >, 0);
        g_assert_nonnull (eros_big_query_error_get_advice (error));
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
        if (statuses[j] == 401)
          g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_SIGN_IN);
      }
}

/* ---- a query that is read page by page ----------------------------------------------------------------- */

typedef struct
{
  const char *failure; /* (nullable): the job's, when it is looked at */
  guint n_answers;     /* asked for */
  guint n_looks;
  guint fail_answers; /* this many say “backend error” */
  gboolean done;
  ErosPage *page;
  GError *error;
} Paged;

static void
reply (SoupServerMessage *message, guint status, const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text, strlen (text));
}

#define REFERENCE "\"jobReference\":{\"projectId\":\"eros-rehearsal\",\"jobId\":\"j\",\"location\":\"US\"}"

static void
paged_cb (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  Paged *paged = user_data;
  g_autofree char *job = NULL;

  if (g_str_has_suffix (path, "/queries"))
    reply (message, 200, "{\"jobComplete\":false," REFERENCE "}");
  else if (g_str_has_suffix (path, "/queries/j"))
    {
      paged->n_answers++;
      if (paged->n_answers <= paged->fail_answers)
        reply (message, 503, OLD (503, "backendError", "Error during execution."));
      else
        reply (message, 200,
               "{\"jobComplete\":true,\"totalRows\":\"1\"," REFERENCE
               ",\"schema\":{\"fields\":[{\"name\":\"x\",\"type\":\"INTEGER\"}]},"
               "\"rows\":[{\"f\":[{\"v\":\"7\"}]}]}");
    }
  else
    {
      paged->n_looks++;
      job = g_strdup_printf ("{" REFERENCE
                             ",\"configuration\":{\"jobType\":\"QUERY\"},\"status\":{\"state\":\"DONE\""
                             "%s}}",
                             paged->failure != NULL ? paged->failure : "");
      reply (message, 200, job);
    }
}

static void
paged_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Paged *paged = user_data;

  paged->page = eros_big_query_query_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &paged->error);
  paged->done = TRUE;
}

/* (transfer full): a client of that server */
static ErosBigQuery *
start (SoupServer *server, SoupServerCallback callback, gpointer user_data)
{
  g_autoptr (ErosConnection) connection = NULL;
  g_autofree char *endpoint = NULL;
  GSList *uris;

  soup_server_add_handler (server, NULL, callback, user_data, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (server);
  endpoint = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  connection = g_object_new (EROS_TYPE_CONNECTION, "endpoint", endpoint, "project", "eros-rehearsal",
                             "dataset", "eros_platform", "location", "US", "patience-ms", 200, NULL);
  return eros_big_query_new (connection);
}

static void
run_paged (Paged *paged)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (ErosBigQuery) client = start (server, paged_cb, paged);
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query ("unused", "SELECT 7 AS x");

  eros_big_query_query_async (client, request, 0, NULL, paged_done_cb, paged);
  while (!paged->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_a_failed_job_is_not_asked_for_its_pages_again_and_again (void)
{
  Paged paged = { .failure = ",\"errorResult\":{\"reason\":\"jobBackendError\",\"message\":\"It broke\"}",
                  .fail_answers = G_MAXUINT };

  run_paged (&paged);
  g_assert_error (paged.error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (paged.error->message, "It broke. The fault is Google's"));
  g_assert_cmpuint (paged.n_answers, ==, 1);
  g_assert_cmpuint (paged.n_looks, ==, 1);
  g_error_free (paged.error);
}

static void
not_yet_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  reply (message, 200, "{\"jobComplete\":false," REFERENCE "}");
}

static void
page_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Paged *paged = user_data;

  paged->page = eros_big_query_read_page_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &paged->error);
  paged->done = TRUE;
}

/* No page and no error would mean that the statement has no rows. */
static void
test_an_answer_that_is_not_there_yet_is_not_empty (void)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (ErosBigQuery) client = start (server, not_yet_cb, NULL);
  g_autoptr (JsonNode) node = json_from_string ("{" REFERENCE ",\"status\":{\"state\":\"DONE\"}}", NULL);
  g_autoptr (ErosJob) job = eros_job_new_from_json (node, NULL);
  Paged paged = { 0 };

  eros_big_query_read_page_async (client, job, NULL, NULL, 0, NULL, page_done_cb, &paged);
  while (!paged.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (paged.page);
  g_assert_error (paged.error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
  g_error_free (paged.error);
}

static void
test_a_passing_fault_of_a_page_does_no_harm (void)
{
  Paged paged = { .fail_answers = 3 };

  run_paged (&paged);
  g_assert_no_error (paged.error);
  g_assert_cmpint (eros_page_get_int64 (paged.page, 0, 0), ==, 7);
  g_assert_cmpuint (paged.n_answers, ==, 4);
  g_assert_cmpuint (paged.n_looks, ==, 1);
  g_object_unref (paged.page);
}

/* https://cloud.google.com/bigquery/docs/troubleshoot-quotas: five changes of a table's layout in ten seconds
 */
static void
test_a_job_that_came_too_soon_is_done_again (void)
{
  g_autoptr (GError) soon = eros_big_query_error_new (
    0, "rateLimitExceeded", "Exceeded rate limits: too many table update operations for this table.");
  g_autoptr (GError) other = eros_big_query_error_new (
    0, "jobRateLimitExceeded",
    "Job exceeded rate limits: Your table exceeded quota for table update operations.");
  g_autoptr (GError) lost = eros_big_query_error_new (
    0, "invalidQuery", "Could not serialize access to table x due to concurrent update");
  g_autoptr (GError) full = eros_big_query_error_new (
    0, "quotaExceeded", "Quota exceeded: Your table exceeded quota for imports or query appends per table");

  g_assert_true (eros_big_query_error_was_too_soon (soon));
  g_assert_true (eros_big_query_error_was_too_soon (other));
  g_assert_true (eros_big_query_error_was_too_soon (lost));
  g_assert_false (eros_big_query_error_was_too_soon (full));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/bigquery/refusals/", refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], test_refusal);
    }
  g_test_add_func ("/bigquery/refusals/a-missing-permission-names-its-role",
                   test_a_missing_permission_names_its_role);
  g_test_add_func ("/bigquery/refusals/sentences-have-one-stop-between-them",
                   test_sentences_have_one_stop_between_them);
  g_test_add_func ("/bigquery/refusals/no-body-is-too-strange", test_no_body_is_too_strange);
  g_test_add_func ("/bigquery/refusals/a-failed-job-is-not-asked-for-its-pages-again-and-again",
                   test_a_failed_job_is_not_asked_for_its_pages_again_and_again);
  g_test_add_func ("/bigquery/refusals/an-answer-that-is-not-there-yet-is-not-empty",
                   test_an_answer_that_is_not_there_yet_is_not_empty);
  g_test_add_func ("/bigquery/refusals/a-passing-fault-of-a-page-does-no-harm",
                   test_a_passing_fault_of_a_page_does_no_harm);
  g_test_add_func ("/bigquery/refusals/a-job-that-came-too-soon-is-done-again",
                   test_a_job_that_came_too_soon_is_done_again);
  return g_test_run ();
}
