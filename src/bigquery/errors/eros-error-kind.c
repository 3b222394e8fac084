/* eros-error-kind.c: what an answer that says no means, and what to do about it
 *
 * Google's services have the same words for different things (403: a rate, a day's quota, a permission, a
 * scope, a service that is switched off, too large an answer) and different words for the same one. So a kind
 * is recognized by all there is: the HTTP status, the reason, and where these leave it open the message.
 * https://cloud.google.com/bigquery/docs/error-messages
 * https://cloud.google.com/storage/docs/json_api/v1/status-codes
 * https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-error-kind-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-role.h"

#define SIGN_IN                                                                                              \
  N_ (                                                                                                       \
    "Sign in again. If that does not help, ask the project's administrator whether the account or its key "  \
    "may still be used.")
#define NOBODY N_ ("Nobody is signed in: set up the connection's sign-in.")
#define CLOCK  N_ ("This computer's clock is wrong: set it, or turn on automatic time.")
#define SCOPE                                                                                                \
  N_ (                                                                                                       \
    "The sign-in itself is not good for this, whatever the account's roles. Sign in again and agree to all " \
    "that is asked for, or use a service account's key.")
#define API_OFF                                                                                              \
  N_ ("Ask the project's administrator to enable this service's API in the project; some minutes later it "  \
      "answers.")
#define BILLING                                                                                              \
  N_ ("Ask the project's administrator to link a billing account to the project, or to set its own in "      \
      "order.")
#define POLICY                                                                                               \
  N_ ("A policy of the organization forbids it, and no role in the project helps: give this message to "     \
      "whoever administers the organization in Google Cloud.")
#define KEY                                                                                                  \
  N_ ("The key or client that was sent along is restricted: ask the project's administrator to allow this "  \
      "service for it, or sign in with an account.")
#define KEPT                                                                                                 \
  N_ ("The bucket keeps its objects for a time, and until then nobody may change or delete them. Wait, "     \
      "choose "                                                                                              \
      "another bucket, or ask its administrator.")
#define PERMISSION                                                                                           \
  N_ ("Ask the project's administrator for a role that allows it, or what else forbids it, and show this "   \
      "message.")
#define BLOCKED                                                                                              \
  N_ ("Google has shut this operation off for the project, to protect the service: ask Google Cloud's "      \
      "support.")
#define A_WHILE N_ ("Too much was asked for at once: wait a little, then try again.")
#define A_DAY                                                                                                \
  N_ ("Nothing is left of this for today: try again tomorrow (a day begins at midnight in California), or "  \
      "ask "                                                                                                 \
      "the project's administrator for a higher quota.")
#define QUOTA_FULL                                                                                           \
  N_ ("This quota is used up, and a minute's wait does not help: ask the project's administrator to raise "  \
      "it, "                                                                                                 \
      "or try again tomorrow.")
#define BUDGET                                                                                               \
  N_ ("Nothing was run and nothing is charged. Make the query read less, or raise the limit in the "         \
      "connection.")
#define LESS N_ ("Ask for less: fewer columns or rows, or write the result to a table and read that.")
#define LIGHTER                                                                                              \
  N_ ("Make the statement lighter: do it in parts, without ORDER BY over everything and without large "      \
      "joins.")
#define IN_USE                                                                                               \
  N_ ("There is still something in it or at work on it: remove that or wait for it, then try again.")
#define ABSENT                                                                                               \
  N_ ("Check the name, and the project and location it should be in; or it has been deleted or has expired " \
      "meanwhile.")
#define ABSENT_HERE                                                                                          \
  N_ ("It may be in another location: correct the connection's location, or leave it empty. If it is "       \
      "nowhere, "                                                                                            \
      "check the name.")
#define THERE   N_ ("It is there already: use it, remove it first, or choose another name.")
#define TAKEN   N_ ("It is there already, perhaps somebody else's: choose another name.")
#define CHANGED N_ ("Somebody else has changed it meanwhile: look at it as it is now, then try again.")
#define CONFLICT                                                                                             \
  N_ (                                                                                                       \
    "Somebody else has changed the same table at the same moment; of this statement nothing was done. Try "  \
    "again.")
#define STOPPED N_ ("It was stopped, or has taken longer than it may: try again, or give it more time.")
#define JOB_FAULT                                                                                            \
  N_ (                                                                                                       \
    "The fault is Google's, and the job has ended. Start it again; if it stays so, look at Google Cloud's "  \
    "status page.")
#define UNAVAILABLE                                                                                          \
  N_ ("The service cannot answer at the moment. Try again in some minutes; if it stays so, look at Google "  \
      "Cloud's status page.")
#define PAGE                                                                                                 \
  N_ (                                                                                                       \
    "This came from whatever stands before the service (Google's front door, a proxy, a firewall) and says " \
    "nothing about permissions or what is there. Try again; if it stays so, check the connection's "         \
    "address, "                                                                                              \
    "and ask whoever runs the network.")
#define PROXY N_ ("The network's proxy wants its own sign-in: ask whoever runs the network.")
#define REQUESTER                                                                                            \
  N_ ("Whoever reads this bucket has to pay for it: choose another bucket, or sign in with a project to "    \
      "charge.")
#define DAMAGED   N_ ("What arrived was not what was sent, and nothing was stored: send it again.")
#define STATEMENT N_ ("Correct the statement, then try again.")
#define REQUEST   N_ ("Correct what was asked for, in the runbook, its SQL or the connection, then try again.")
#define UNKNOWN   N_ ("Try again; if it stays so, give this message to the project's administrator.")

/* Google writes limits for people and for programs: “per day”, “QueryUsagePerDay”. */
#define DAILY "per[ _]?(?:user[ _]?)?(?:day|24 ?h)|daily|a day\\b"
#define RATE  "\\b(?:rates?|concurrent|per (?:second|minute|[0-9]+ seconds))\\b"

#define RATES                                                                                                \
  " rateLimitExceeded userRateLimitExceeded RATE_LIMIT_EXCEEDED RESOURCE_EXHAUSTED tooManyRequests "         \
  "SlowDown "
#define QUOTAS " quotaExceeded RESOURCE_QUOTA_EXCEEDED "

/* The first that fits. */
static const struct
{
  guint status;        /* 0: any */
  const char *reasons; /* (nullable): any of these, a blank around each; NULL: any or none */
  const char *words;   /* (nullable): a regular expression that the message matches */
  ErosErrorKind kind;
} kinds[] = {
  /* A job that has failed says so under any status. */
  { 0,
    " jobBackendError jobInternalError ",
    NULL,
    { EROS_BIG_QUERY_ERROR_UNAVAILABLE, AGAIN_WORK, 0, JOB_FAULT } },
  { 0,
    NULL,
    "^the job encountered an (?:internal )?error",
    { EROS_BIG_QUERY_ERROR_UNAVAILABLE, AGAIN_WORK, 0, JOB_FAULT } },
  { 0, " jobRateLimitExceeded ", DAILY, { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_NEVER, 0, A_DAY } },
  { 0, " jobRateLimitExceeded ", NULL, { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_WORK, 0, A_WHILE } },
  { 0,
    " bytesBilledLimitExceeded billingTierLimitExceeded ",
    NULL,
    { EROS_BIG_QUERY_ERROR_BUDGET, AGAIN_NEVER, 0, BUDGET } },
  { 0, " stopped timeout cancelled ", NULL, { EROS_BIG_QUERY_ERROR_STOPPED, AGAIN_NEVER, 0, STOPPED } },

  { 401, NULL, NULL, { EROS_BIG_QUERY_ERROR_SIGN_IN, AGAIN_NEVER, 0, SIGN_IN } },
  { 0,
    " authError keyInvalid keyExpired expired API_KEY_INVALID UNAUTHENTICATED ",
    NULL,
    { EROS_BIG_QUERY_ERROR_SIGN_IN, AGAIN_NEVER, 0, SIGN_IN } },
  { 400,
    " invalid_grant ",
    "iat and exp|reasonable timeframe|issued in the future|clock",
    { EROS_BIG_QUERY_ERROR_SIGN_IN, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_CLOCK, CLOCK } },
  { 0,
    " invalid_grant invalid_client unauthorized_client invalid_token access_denied invalid_rapt ",
    NULL,
    { EROS_BIG_QUERY_ERROR_SIGN_IN, AGAIN_NEVER, 0, SIGN_IN } },
  { 407, NULL, NULL, { EROS_BIG_QUERY_ERROR_FAILED, AGAIN_NEVER, 0, PROXY } },

  /* Rates pass, and what is counted by the day does not. */
  { 0, RATES, DAILY, { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_NEVER, 0, A_DAY } },
  { 429, NULL, DAILY, { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_NEVER, 0, A_DAY } },
  { 0,
    " dailyLimitExceeded dailyLimitExceededUnreg ",
    NULL,
    { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_NEVER, 0, A_DAY } },
  { 0, QUOTAS, DAILY, { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_NEVER, 0, A_DAY } },
  { 0, QUOTAS, RATE, { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_REQUEST, 0, A_WHILE } },
  { 0, QUOTAS, NULL, { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_NEVER, 0, QUOTA_FULL } },
  { 0, RATES, NULL, { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_REQUEST, 0, A_WHILE } },
  { 429, NULL, NULL, { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_REQUEST, 0, A_WHILE } },

  /* Limits of one statement. */
  { 0, " responseTooLarge ", NULL, { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, LESS } },
  { 0, " resourcesExceeded ", "too many DML", { EROS_BIG_QUERY_ERROR_QUOTA, AGAIN_WORK, 0, A_WHILE } },
  { 0, " resourcesExceeded ", NULL, { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, LIGHTER } },
  { 0, " resourceInUse ", NULL, { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, IN_USE } },
  /* BigQuery calls a conflict an invalid query. */
  { 0,
    NULL,
    "^(?:query error: *)?(?:could not serialize access|transaction is aborted due to concurrent)",
    { EROS_BIG_QUERY_ERROR_CONFLICT, AGAIN_WORK, 0, CONFLICT } },

  /* A refusal, and what it is that is missing. */
  { 0,
    NULL,
    "serviceusage\\.services\\.use|serviceUsageConsumer|permission to use project",
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_ROLE, NULL } },
  { 0,
    " USER_PROJECT_DENIED userProjectDenied ",
    NULL,
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_ROLE, NULL } },
  { 0,
    " ACCESS_TOKEN_SCOPE_INSUFFICIENT insufficientScopes insufficient_scope ",
    NULL,
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_SCOPE, SCOPE } },
  { 403,
    NULL,
    "insufficient authentication scopes|insufficient scopes?\\b",
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_SCOPE, SCOPE } },
  { 0,
    " accessNotConfigured SERVICE_DISABLED serviceDisabled ",
    NULL,
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_API_OFF, API_OFF } },
  { 403,
    NULL,
    "API has not been used in project|API is (?:disabled|not enabled)|has not enabled \\S+",
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_API_OFF, API_OFF } },
  { 0,
    " billingNotEnabled BILLING_DISABLED accountDisabled UserProjectAccountProblem ",
    NULL,
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_BILLING, BILLING } },
  { 403,
    NULL,
    "billing\\b[^.]*\\b(?:disabled|not (?:been )?enabled|closed|absent|delinquent|suspended)",
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_BILLING, BILLING } },
  { 0,
    " policyViolation SECURITY_POLICY_VIOLATED ORG_RESTRICTION_VIOLATION LOCATION_POLICY_VIOLATED "
    "LOCATION_ORG_POLICY_VIOLATED ORG_RESTRICTION_HEADER_INVALID ",
    NULL,
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_OTHER, POLICY } },
  { 0,
    NULL,
    "organization'?s policy|vpcServiceControls|VPC Service Controls|\\bconstraints/[a-z]|violates "
    "(?:the )?(?:org(?:anization)? )?(?:policy )?constraint",
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_OTHER, POLICY } },
  { 0,
    " API_KEY_SERVICE_BLOCKED API_KEY_HTTP_REFERRER_BLOCKED API_KEY_IP_ADDRESS_BLOCKED "
    "API_KEY_ANDROID_APP_BLOCKED API_KEY_IOS_APP_BLOCKED ipRefererBlocked keyRestricted ",
    NULL,
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_OTHER, KEY } },
  { 0, " blocked ", NULL, { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_OTHER, BLOCKED } },
  { 0,
    " retentionPolicyNotMet objectUnderActiveHold ",
    NULL,
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_OTHER, KEPT } },
  { 403,
    NULL,
    "retention|\\b(?:active|event-based|temporary) hold",
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_OTHER, KEPT } },
  { 403,
    " insufficientPermissions forbidden ",
    "^insufficient permissions?\\W*$",
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_SCOPE, SCOPE } },
  { 403,
    NULL,
    "^(?:access denied\\. )?anonymous (?:caller|users?)\\b",
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_OTHER, NOBODY } },
  { 0,
    " accessDenied AccessDenied insufficientPermissions forbidden IAM_PERMISSION_DENIED PERMISSION_DENIED ",
    NULL,
    { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_ROLE, PERMISSION } },

  { 0,
    " notFound NOT_FOUND NoSuchKey NoSuchBucket ",
    "\\bin location\\b",
    { EROS_BIG_QUERY_ERROR_NOT_FOUND, AGAIN_NEVER, 0, ABSENT_HERE } },
  { 0,
    " notFound NOT_FOUND NoSuchKey NoSuchBucket ",
    NULL,
    { EROS_BIG_QUERY_ERROR_NOT_FOUND, AGAIN_NEVER, 0, ABSENT } },

  /* Who was faster. */
  { 0, " aborted ABORTED ", NULL, { EROS_BIG_QUERY_ERROR_CHANGED, AGAIN_NEVER, 0, CHANGED } },
  { 0,
    " duplicate alreadyExists ALREADY_EXISTS BucketAlreadyExists ",
    NULL,
    { EROS_BIG_QUERY_ERROR_DUPLICATE, AGAIN_NEVER, 0, THERE } },
  { 409, NULL, "not empty", { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, IN_USE } },
  { 409,
    NULL,
    "concurrent|edited during|being (?:created|deleted|modified)|try again|retry",
    { EROS_BIG_QUERY_ERROR_CHANGED, AGAIN_NEVER, 0, CHANGED } },
  { 409, NULL, NULL, { EROS_BIG_QUERY_ERROR_DUPLICATE, AGAIN_NEVER, 0, TAKEN } },
  { 0, " conditionNotMet ", NULL, { EROS_BIG_QUERY_ERROR_CHANGED, AGAIN_NEVER, 0, CHANGED } },

  /* What is ours. */
  { 0, NULL, "requester pays", { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, REQUESTER } },
  { 400,
    NULL,
    "(?:CRC32C|MD5)\\b.*match|content-md5",
    { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, DAMAGED } },
  { 0, " invalidQuery ", NULL, { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, STATEMENT } },
  { 0,
    " invalid badRequest required invalidParameter parseError INVALID_ARGUMENT FAILED_PRECONDITION "
    "notImplemented "
    "failedPrecondition methodNotAllowed ",
    NULL,
    { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, REQUEST } },

  /* What is theirs; a job's error has no status, and 400 is how a job's comes when its answer is asked for.
   */
  { 0,
    " backendError internalError tableUnavailable UNAVAILABLE INTERNAL ",
    NULL,
    { EROS_BIG_QUERY_ERROR_UNAVAILABLE, AGAIN_REQUEST, 0, UNAVAILABLE } },

  /* Without a word that is known. */
  { 400, NULL, NULL, { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, REQUEST } },
  { 403, NULL, NULL, { EROS_BIG_QUERY_ERROR_DENIED, AGAIN_NEVER, EROS_BIG_QUERY_CAUSE_ROLE, PERMISSION } },
  { 404, NULL, "\\bin location\\b", { EROS_BIG_QUERY_ERROR_NOT_FOUND, AGAIN_NEVER, 0, ABSENT_HERE } },
  { 404, NULL, NULL, { EROS_BIG_QUERY_ERROR_NOT_FOUND, AGAIN_NEVER, 0, ABSENT } },
  { 410, NULL, NULL, { EROS_BIG_QUERY_ERROR_NOT_FOUND, AGAIN_NEVER, 0, ABSENT } },
  { 412, NULL, NULL, { EROS_BIG_QUERY_ERROR_CHANGED, AGAIN_NEVER, 0, CHANGED } },
  { 408, NULL, NULL, { EROS_BIG_QUERY_ERROR_UNAVAILABLE, AGAIN_REQUEST, 0, UNAVAILABLE } },
  { 501, NULL, NULL, { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, REQUEST } },
};

static gboolean
has_word (const char *words, const char *word)
{
  g_autofree char *whole = word != NULL ? g_strdup_printf (" %s ", word) : NULL;

  return whole != NULL && strstr (words, whole) != NULL;
}

static ErosErrorKind
kind_of_status (guint status)
{
  static const ErosErrorKind theirs = { EROS_BIG_QUERY_ERROR_UNAVAILABLE, AGAIN_REQUEST, 0, UNAVAILABLE };
  static const ErosErrorKind ours = { EROS_BIG_QUERY_ERROR_INVALID, AGAIN_NEVER, 0, REQUEST };
  static const ErosErrorKind elsewhere = { EROS_BIG_QUERY_ERROR_FAILED, AGAIN_NEVER, 0, PAGE };
  static const ErosErrorKind unknown = { EROS_BIG_QUERY_ERROR_FAILED, AGAIN_NEVER, 0, UNKNOWN };

  if (status >= 500)
    return theirs;
  if (status >= 400)
    return ours;
  return status >= 300 ? elsewhere : unknown;
}

/* A web page under these is what it says; under any other, whoever sent it knows nothing of what was asked.
 */
static gboolean
page_speaks (guint status)
{
  return status == 401 || status == 407 || status == 408 || status == 429 || status >= 500;
}

static ErosErrorKind
find_kind (guint status, const char *reason, const char *message)
{
  static const ErosErrorKind page = { EROS_BIG_QUERY_ERROR_FAILED, AGAIN_NEVER, 0, PAGE };

  if (g_strcmp0 (reason, EROS_REASON_PAGE) == 0 && !page_speaks (status))
    return page;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if ((kinds[i].status == 0 || kinds[i].status == status) &&
        (kinds[i].reasons == NULL || has_word (kinds[i].reasons, reason)) &&
        (kinds[i].words == NULL || g_regex_match_simple (kinds[i].words, message, G_REGEX_CASELESS, 0)))
      return kinds[i].kind;
  return kind_of_status (status);
}

/* Whether it says more than the status does. */
gboolean
eros_error_kind_knows (const char *reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].reasons != NULL && has_word (kinds[i].reasons, reason))
      return TRUE;
  return FALSE;
}

/**
 * eros_error_kind_of:
 * @status: the HTTP status, or 0 for a job that failed
 * @reason: (nullable): Google's word for it, or %EROS_REASON_PAGE
 * @message: Google's sentence
 *
 * Returns: what it means
 */
ErosErrorKind
eros_error_kind_of (guint status, const char *reason, const char *message)
{
  ErosErrorKind kind = find_kind (status, reason, message);

  /* The same question about a job that has failed has the same answer. */
  if (kind.again == AGAIN_REQUEST && (status == 0 || status == 400))
    kind.again = AGAIN_WORK;
  return kind;
}

/* The first that fits. */
static const struct
{
  const char *permission; /* its beginning */
  const char *role;
} roles[] = {
  { "serviceusage.", EROS_ROLE_USAGE },
  { "bigquery.jobs.create", EROS_ROLE_JOBS },
  { "bigquery.jobs.list", EROS_ROLE_LIST },
  { "bigquery.jobs.", EROS_ROLE_ADMIN },
  { "bigquery.transfers.", EROS_ROLE_ADMIN },
  { "bigquery.", EROS_ROLE_DATA },
  { "storage.", EROS_ROLE_STORAGE },
  { "resourcemanager.projects.", EROS_ROLE_BROWSER },
  { "iam.serviceAccounts.getAccessToken", "Service Account Token Creator" },
  { "iam.serviceAccounts.actAs", "Service Account User" },
  { "cloudkms.", "Cloud KMS CryptoKey Encrypter/Decrypter" },
  { "datacatalog.", "Fine-Grained Reader" },
};

/**
 * eros_error_kind_role:
 * @message: Google's sentence
 *
 * Returns: (nullable): the role that has the permission of which @message says that it is missing
 */
const char *
eros_error_kind_role (const char *message)
{
  g_autoptr (GRegex) regex = g_regex_new ("\\b(?:serviceusage|bigquery|storage|resourcemanager|iam|cloudkms|"
                                          "datacatalog)\\.[A-Za-z]+\\.[A-Za-z]+\\b",
                                          0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *permission = NULL;

  if (g_regex_match_simple ("serviceUsageConsumer|permission to use project", message, G_REGEX_CASELESS, 0))
    return EROS_ROLE_USAGE;
  if (strstr (message, "fine-grained reader") != NULL)
    return "Fine-Grained Reader";
  if (!g_regex_match (regex, message, 0, &match))
    return NULL;
  permission = g_match_info_fetch (match, 0);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_str_has_prefix (permission, roles[i].permission))
      return roles[i].role;
  return NULL;
}
