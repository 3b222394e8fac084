/* eros-sample.c: made-up data of the EROS Scheduling System
 *
 * Healthy data as production has it before the deployment: a few captions get most of the views, every
 * statistic belongs to a caption, nothing is negative, every bound lies within 0 and 1; but the bounds are
 * computed the old way, without the interval's centre and also below ten views, so that the deployment has
 * something to correct.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-sample.h"
#include "eros-clock.h"

#include <math.h>

#include "eros-sample-private.h"

#define SEED 20251031

typedef struct
{
  const ErosSampleOptions *options;
  ErosStoreConnection *connection;
  ErosRandom random;
  gint64 now;
  guint *views; /* of each caption */
  guint *engaged;
  gboolean *held; /* by an account */
} Sample;

typedef struct
{
  ErosStoreTable *table;
  sqlite3_stmt *insert;
} Target;

typedef struct
{
  const char *name;
  ErosSqlKind kind;
  const char *description;
} Column;

static const Column CAPTION_BANK[] = {
  { "caption_id", EROS_SQL_INT64, "Identifies the caption" },
  { "caption_text", EROS_SQL_STRING, "The text that is sent" },
  { "category", EROS_SQL_STRING, "What kind of text it is" },
  { "price_tier", EROS_SQL_STRING, "free, low, mid or premium" },
  { "has_urgency", EROS_SQL_BOOL, "Whether the text presses for time" },
  { "is_active", EROS_SQL_BOOL, "Whether it may be sent" },
  { "created_at", EROS_SQL_TIMESTAMP, "When it was written" },
};

static const Column BANDIT_STATS[] = {
  { "caption_id", EROS_SQL_INT64, "The caption" },
  { "total_views", EROS_SQL_INT64, "How often it was viewed" },
  { "engagement_count", EROS_SQL_INT64, "How often a view was acted on" },
  { "wilson_score_lower_bound", EROS_SQL_FLOAT64, "Lower bound of the Wilson score interval" },
  { "last_updated", EROS_SQL_TIMESTAMP, "When the numbers last changed" },
};

static const Column ASSIGNMENTS[] = {
  { "caption_id", EROS_SQL_INT64, "The caption" },
  { "account_id", EROS_SQL_STRING, "The account that sends it" },
  { "assigned_at", EROS_SQL_TIMESTAMP, "Since when" },
  { "schedule_id", EROS_SQL_STRING, "The schedule it was chosen for" },
  { "expires_at", EROS_SQL_TIMESTAMP, "Until when" },
};

static const Column PERFORMANCE_LOG[] = {
  { "caption_id", EROS_SQL_INT64, "The caption" },
  { "account_id", EROS_SQL_STRING, "The account that sent it" },
  { "engaged", EROS_SQL_BOOL, "Whether the view was acted on" },
  { "observed_at", EROS_SQL_TIMESTAMP, "When it was viewed" },
  { "processed", EROS_SQL_BOOL, "Whether the statistics contain it" },
};

static const char *const CATEGORIES[] = { "greeting", "teaser", "question", "story",
                                          "offer",    "thanks", "reminder" };
static const char *const TIERS[] = { "free", "low", "mid", "premium" };

static const char *const OPENINGS[] = {
  "Good morning", "Guess what",  "Just for you", "You asked for it",  "Quick question",  "Tonight only",
  "Thank you",    "Almost gone", "New here",     "Behind the scenes", "Do you remember", "One more thing",
};

static const char *const MIDDLES[] = {
  "I saved something special", "this one made me smile",    "there is a surprise waiting",
  "tell me what you think",    "I could not wait to share", "it took me all week",
  "only a few people know",    "the weekend starts early",  "café, sunshine and a story",
  "you will like the ending",
};

static const char *const ENDINGS[] = { "",          " ✨",     " 💌", " Reply and see.", " Last chance!",
                                       " Promise.", " ☀️" };

/**
 * eros_sample_parse:
 * @text: `eros` or `eros:CAPTIONS`
 * @options: (inout): options, whose captions are set
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether @text makes sense
 */
gboolean
eros_sample_parse (const char *text, ErosSampleOptions *options, GError **error)
{
  guint64 captions = options->captions;

  if (g_str_equal (text, "eros") || (g_str_has_prefix (text, "eros:") &&
                                     g_ascii_string_to_unsigned (text + 5, 10, 1, 10000000, &captions, NULL)))
    {
      options->captions = captions;
      return TRUE;
    }
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
               "“%s” is no sample; say eros, or eros:CAPTIONS with 1 to 10000000 captions", text);
  return FALSE;
}

static void
target_clear (Target *target)
{
  g_clear_pointer (&target->insert, sqlite3_finalize);
  g_clear_pointer (&target->table, eros_store_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static gboolean
start_table (Sample *sample,
             ErosStoreTable *table,
             const Column *columns,
             guint n_columns,
             const char *const *clustering,
             Target *target,
             GError **error)
{
  sqlite3 *db = eros_store_connection_get_db (sample->connection);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autofree char *name = NULL;

  target->table = table;
  table->clustering = g_strdupv ((char **) clustering);
  for (guint i = 0; i < n_columns; i++)
    {
      ErosStoreColumn *column = eros_store_column_new (columns[i].name, eros_sql_type (columns[i].kind));

      column->description = g_strdup (columns[i].description);
      g_ptr_array_add (table->columns, column);
    }
  if (!eros_store_insert_table (sample->connection, table, FALSE, error) ||
      (name = eros_store_prepare_write (sample->connection, table, EROS_STORE_INSERT, NULL, error)) == NULL)
    return FALSE;
  g_string_append_printf (sql, "INSERT INTO %s VALUES (%" G_GINT64_FORMAT, name,
                          eros_store_get_version (sample->connection));
  for (guint i = 0; i < n_columns; i++)
    g_string_append (sql, ", ?");
  g_string_append_c (sql, ')');
  if (sqlite3_prepare_v2 (db, sql->str, -1, &target->insert, NULL) == SQLITE_OK)
    return TRUE;
  eros_store_set_error (error, db);
  return FALSE;
}

static gboolean
insert (Target *target, GError **error)
{
  int result = sqlite3_step (target->insert);

  sqlite3_reset (target->insert);
  if (result == SQLITE_DONE)
    return TRUE;
  eros_store_set_error (error, sqlite3_db_handle (target->insert));
  return FALSE;
}

static ErosStoreTable *
describe (Sample *sample, const char *name, const char *description)
{
  ErosStoreTable *table =
    eros_store_table_new (sample->options->project, EROS_SAMPLE_DATASET, name, EROS_STORE_TABLE);

  table->description = g_strdup (description);
  return table;
}

static gboolean
fill_caption_bank (Sample *sample, GError **error)
{
  static const char *const CLUSTERING[] = { "caption_id", NULL };
  g_auto (Target) target = { 0 };
  ErosStoreTable *table = describe (sample, "caption_bank", "Every caption that can be sent");
  ErosRandom *random = &sample->random;
  char text[256];

  if (!start_table (sample, table, CAPTION_BANK, G_N_ELEMENTS (CAPTION_BANK), CLUSTERING, &target, error))
    return FALSE;
  for (guint i = 0; i < sample->options->captions; i++)
    {
      guint opening = eros_random_below (random, G_N_ELEMENTS (OPENINGS));
      int length = g_snprintf (text, sizeof text, "%s, %s.%s", OPENINGS[opening],
                               MIDDLES[eros_random_below (random, G_N_ELEMENTS (MIDDLES))],
                               ENDINGS[eros_random_below (random, G_N_ELEMENTS (ENDINGS))]);
      gint64 age = eros_random_below (random, 700 * 24 * 60) * G_TIME_SPAN_MINUTE + 3 * G_TIME_SPAN_DAY;

      sqlite3_bind_int64 (target.insert, 1, i + 1);
      sqlite3_bind_text (target.insert, 2, text, length, SQLITE_STATIC);
      sqlite3_bind_text (target.insert, 3, CATEGORIES[eros_random_below (random, G_N_ELEMENTS (CATEGORIES))],
                         -1, SQLITE_STATIC);
      sqlite3_bind_text (target.insert, 4, TIERS[eros_random_below (random, G_N_ELEMENTS (TIERS))], -1,
                         SQLITE_STATIC);
      sqlite3_bind_int (target.insert, 5, opening == 5 || opening == 7);
      sqlite3_bind_int (target.insert, 6, eros_random_below (random, 100) < 92 || sample->held[i]);
      sqlite3_bind_int64 (target.insert, 7, sample->now - age);
      if (!insert (&target, error))
        return FALSE;
    }
  return eros_store_end_load (sample->connection, target.table, error);
}

/* Views fall off as a power of the rank, with the ranks scattered over the ids: few captions carry most of
 * them. */
static void
draw_counts (Sample *sample)
{
  guint n = sample->options->captions;

  for (guint i = 0; i < n; i++)
    {
      double u = eros_random_double (&sample->random);
      double rate = 0.02 + 0.6 * pow (eros_random_double (&sample->random), 3);

      sample->views[i] = (guint) floor (pow (1 - u, -0.8) * 4 * eros_random_double (&sample->random));
      sample->views[i] = MIN (sample->views[i], 50000);
      sample->engaged[i] = (guint) floor (sample->views[i] * rate + eros_random_double (&sample->random));
      sample->engaged[i] = MIN (sample->engaged[i], sample->views[i]);
    }
}

/* What the old jobs stored: the plain rate less a margin, whatever the number of views. */
static double
old_bound (guint views, guint engaged)
{
  double rate, margin;

  if (views == 0)
    return 0;
  rate = (double) engaged / views;
  margin = 1.96 * sqrt (rate * (1 - rate) / views);
  return CLAMP (rate - margin, 0, 1);
}

static gboolean
fill_bandit_stats (Sample *sample, GError **error)
{
  static const char *const CLUSTERING[] = { "caption_id", NULL };
  g_auto (Target) target = { 0 };
  ErosStoreTable *table =
    describe (sample, "caption_bandit_stats", "How often each caption was viewed and acted on");

  table->partition = EROS_STORE_PARTITION_DAY;
  table->partition_field = g_strdup ("last_updated");
  if (!start_table (sample, table, BANDIT_STATS, G_N_ELEMENTS (BANDIT_STATS), CLUSTERING, &target, error))
    return FALSE;
  for (guint i = 0; i < sample->options->captions; i++)
    {
      guint recent = eros_random_below (&sample->random, 100) < 60 ? 2 : sample->options->days;
      gint64 age = eros_random_below (&sample->random, recent * 24 * 60) * G_TIME_SPAN_MINUTE;

      sqlite3_bind_int64 (target.insert, 1, i + 1);
      sqlite3_bind_int64 (target.insert, 2, sample->views[i]);
      sqlite3_bind_int64 (target.insert, 3, sample->engaged[i]);
      sqlite3_bind_double (target.insert, 4, old_bound (sample->views[i], sample->engaged[i]));
      sqlite3_bind_int64 (target.insert, 5, sample->now - G_TIME_SPAN_HOUR - age);
      if (!insert (&target, error))
        return FALSE;
    }
  return eros_store_end_load (sample->connection, target.table, error);
}

static int
account_name (char *buffer, gsize size, guint account)
{
  return g_snprintf (buffer, size, "acct_%05u", account + 1);
}

static guint
count_held (const ErosSampleOptions *options)
{
  return MIN (options->accounts * 2, options->captions / 2);
}

/* Each account holds a few captions now; no caption is held by two, and none that may not be sent. */
static void
draw_held (Sample *sample)
{
  const ErosSampleOptions *options = sample->options;
  guint step = MAX (options->captions / MAX (options->accounts * 2, 1), 1);

  for (guint i = 0; i < count_held (options); i++)
    sample->held[i * step + eros_random_below (&sample->random, step)] = TRUE;
}

static gboolean
fill_assignments (Sample *sample, GError **error)
{
  static const char *const CLUSTERING[] = { "account_id", "caption_id", NULL };
  g_auto (Target) target = { 0 };
  ErosStoreTable *table =
    describe (sample, "active_caption_assignments", "Which account holds which caption, and until when");
  const ErosSampleOptions *options = sample->options;
  guint n = count_held (options);
  guint caption = 0;
  char account[32], schedule[32];

  table->partition = EROS_STORE_PARTITION_DAY;
  table->partition_field = g_strdup ("assigned_at");
  if (!start_table (sample, table, ASSIGNMENTS, G_N_ELEMENTS (ASSIGNMENTS), CLUSTERING, &target, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      /* as many a day as end in one, and all of them still running */
      gint64 at = sample->now - (eros_random_below (&sample->random, 167 * 60) + 1) * G_TIME_SPAN_MINUTE;

      while (!sample->held[caption])
        caption++;
      sqlite3_bind_int64 (target.insert, 1, ++caption);
      sqlite3_bind_text (target.insert, 2, account,
                         account_name (account, sizeof account, i % options->accounts), SQLITE_STATIC);
      sqlite3_bind_int64 (target.insert, 3, at);
      sqlite3_bind_text (target.insert, 4, schedule,
                         g_snprintf (schedule, sizeof schedule, "sched_%06u", i + 1), SQLITE_STATIC);
      sqlite3_bind_int64 (target.insert, 5, at + 7 * G_TIME_SPAN_DAY);
      if (!insert (&target, error))
        return FALSE;
    }
  return eros_store_end_load (sample->connection, target.table, error);
}

/* A caption from the head of the distribution more often than from its tail */
static guint
popular_caption (Sample *sample)
{
  double u = eros_random_double (&sample->random);

  return (guint) (u * u * u * sample->options->captions);
}

static gboolean
fill_performance_log (Sample *sample, GError **error)
{
  g_auto (Target) target = { 0 };
  ErosStoreTable *table =
    describe (sample, "caption_performance_log", "What became of each caption that was sent");
  guint n = sample->options->captions * 2;
  gint64 span = (gint64) sample->options->days * G_TIME_SPAN_DAY;
  char account[32];

  if (!start_table (sample, table, PERFORMANCE_LOG, G_N_ELEMENTS (PERFORMANCE_LOG), NULL, &target, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      guint caption = popular_caption (sample);
      gint64 at = sample->now - G_TIME_SPAN_MINUTE - span + (gint64) (((double) i / n) * span);

      sqlite3_bind_int64 (target.insert, 1, caption + 1);
      sqlite3_bind_text (target.insert, 2, account,
                         account_name (account, sizeof account,
                                       eros_random_below (&sample->random, sample->options->accounts)),
                         SQLITE_STATIC);
      sqlite3_bind_int (target.insert, 3, eros_random_below (&sample->random, 100) < 18);
      sqlite3_bind_int64 (target.insert, 4, at);
      sqlite3_bind_int (target.insert, 5, at < sample->now - 6 * G_TIME_SPAN_HOUR);
      if (!insert (&target, error))
        return FALSE;
    }
  return eros_store_end_load (sample->connection, target.table, error);
}

static gboolean
fill (Sample *sample, GError **error)
{
  g_autoptr (ErosStoreDataset) dataset =
    eros_store_dataset_new (sample->options->project, EROS_SAMPLE_DATASET);

  dataset->description =
    g_strdup ("EROS Scheduling System: captions, their statistics and their assignments");
  /* as if it had been there all the time */
  eros_store_start_load (sample->connection,
                         sample->now - sample->options->days * G_TIME_SPAN_DAY - G_TIME_SPAN_DAY);
  draw_counts (sample);
  draw_held (sample);
  return eros_store_insert_dataset (sample->connection, dataset, error) &&
         fill_caption_bank (sample, error) && fill_bandit_stats (sample, error) &&
         fill_assignments (sample, error) && fill_performance_log (sample, error) &&
         eros_store_commit (sample->connection, NULL, NULL, error);
}

static gboolean
is_there (ErosStoreConnection *connection, const char *project)
{
  g_autoptr (ErosStoreDataset) dataset =
    eros_store_get_dataset (connection, project, EROS_SAMPLE_DATASET, NULL);

  return dataset != NULL;
}

/**
 * eros_sample_load:
 * @store: the store
 * @options: how much of it
 * @error: return location for an #ErosStoreError
 *
 * Makes the sample, unless its data set is there already.
 *
 * Returns: whether the sample is there
 */
gboolean
eros_sample_load (ErosStore *store, const ErosSampleOptions *options, GError **error)
{
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (store, error);
  g_autofree guint *views = g_new0 (guint, options->captions);
  g_autofree guint *engaged = g_new0 (guint, options->captions);
  g_autofree gboolean *held = g_new0 (gboolean, options->captions);
  Sample sample = {
    .options = options, .connection = connection, .views = views, .engaged = engaged, .held = held
  };

  if (connection == NULL || !eros_store_begin (connection, EROS_STORE_WRITE, NULL, error))
    return FALSE;
  if (is_there (connection, options->project))
    return TRUE;
  sample.now = options->now != 0 ? options->now : eros_clock_get_now ();
  eros_random_init (&sample.random, SEED);
  return fill (&sample, error) && eros_sample_cloud (store, options, error) &&
         (options->history_days == 0 || eros_sample_history (store, options, error));
}
