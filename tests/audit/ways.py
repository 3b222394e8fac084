"""Ways to make a line of the paper false, each with the boxes that may say so, and changes of a healthy data set that may not alarm."""
# SPDX-License-Identifier: GPL-3.0-or-later

BANK, STATS, HELD, LOG = "caption_bank", "caption_bandit_stats", "active_caption_assignments", "caption_performance_log"
COUNTS, CORRUPTION, ORPHANS, KEYS = (
    "validation.health." + name for name in ("row-counts", "corruption", "orphans", "foreign-keys"))
BUCKET, DATASET, PERMISSIONS, NETWORK, CLIENT, PROJECT_BOX = (
    "preparation.environment." + name for name in ("bucket", "dataset", "permissions", "network", "client", "project"))
SCHEDULES = "validation.health.scheduled-queries"
BASELINE = tuple("validation.baseline." + name for name in (
    "query-time", "caption-selection-time", "slot-usage", "daily-cost", "distribution-effectiveness"))


def changed(table, column, values, of=CORRUPTION):
    """One row, the last one, some, and all of them."""
    places = [(f"caption_id = (SELECT MIN(caption_id) FROM D.{table})", "one"), (f"caption_id = (SELECT MAX(caption_id) FROM D.{table})", "the last"),
              ("MOD(caption_id, 10) = 0", "a tenth"), ("TRUE", "all")]
    for value, what in values:
        for where, how_many in places:
            yield f"{table}.{column} is {what}, {how_many}", of, f"UPDATE D.{table} SET {column} = {value} WHERE {where}"


COLUMNS = {
    BANK: {"caption_id": "INT64", "caption_text": "STRING", "category": "STRING", "price_tier": "STRING", "has_urgency": "BOOL",
           "is_active": "BOOL", "created_at": "TIMESTAMP"},
    STATS: {"caption_id": "INT64", "total_views": "INT64", "engagement_count": "INT64", "wilson_score_lower_bound": "FLOAT64",
            "last_updated": "TIMESTAMP"},
    HELD: {"caption_id": "INT64", "account_id": "STRING", "assigned_at": "TIMESTAMP", "schedule_id": "STRING", "expires_at": "TIMESTAMP"},
    LOG: {"caption_id": "INT64", "account_id": "STRING", "engaged": "BOOL", "observed_at": "TIMESTAMP", "processed": "BOOL"},
}


def swapped():
    """Tables that are no longer what they were: a column gone, called otherwise, of another type, one more; a view in its place."""
    for table, columns in COLUMNS.items():
        for column, type in columns.items():
            yield f"{table} has lost {column}", CORRUPTION, f"ALTER TABLE D.{table} DROP COLUMN {column}"
            yield f"{table}.{column} is called otherwise", CORRUPTION, f"ALTER TABLE D.{table} RENAME COLUMN {column} TO {column}_old"
            other = "STRING" if type != "STRING" else "BYTES"
            yield (f"{table}.{column} is {other}", CORRUPTION,
                   f"CREATE OR REPLACE TABLE D.{table} AS SELECT * REPLACE (CAST({column} AS {other}) AS {column}) FROM D.{table}_kept")
        for type in ("INT64", "STRING", "TIMESTAMP"):
            yield f"{table} has one column more, {type}", CORRUPTION, f"ALTER TABLE D.{table} ADD COLUMN surprise {type}"


def lost_and_grown():
    """Parts of a table that are gone, and rows that nobody has asked for; what a table may lose and grow stands in row-counts.sql."""
    for table, losses, growths in ((BANK, (6, 7, 15, 25, 50, 75, 99), (2, 3, 8)), (STATS, (6, 7, 15, 25, 50, 75, 99), (2, 3, 8)),
                                   (HELD, (35, 45, 60, 80, 99), (3, 5, 12))):
        for percent in losses:
            yield (f"{percent} in 100 of {table} are gone", COUNTS,
                   f"DELETE FROM D.{table} WHERE MOD(caption_id, 100) < {percent}")
        for times in growths:
            yield (f"{table} has {times} rows more for each", COUNTS,
                   f"INSERT INTO D.{table} SELECT one.* FROM D.{table} AS one CROSS JOIN UNNEST(GENERATE_ARRAY(1, {times}))")
    for how_many in (1, 10, 250):
        row = {STATS: "caption_id, 10, 1, 0.01, CURRENT_TIMESTAMP()",
               HELD: "caption_id, 'acct_00001', CURRENT_TIMESTAMP(), 's', TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)",
               LOG: "caption_id, 'acct_00001', TRUE, CURRENT_TIMESTAMP(), FALSE"}
        for table, values in row.items():
            yield (f"{how_many} rows of {table} are of no caption", ORPHANS,
                   f"INSERT INTO D.{table} SELECT {values} FROM UNNEST(GENERATE_ARRAY(900001, 900000 + {how_many})) AS caption_id")
        for table in (BANK, STATS):
            yield f"{how_many} rows of {table} are there twice", KEYS, f"INSERT INTO D.{table} SELECT * FROM D.{table} LIMIT {how_many}"
        yield (f"{how_many} captions are held by another account too", KEYS,
               f"INSERT INTO D.{HELD} SELECT caption_id, 'acct_00009', assigned_at, schedule_id, expires_at FROM D.{HELD} "
               f"WHERE account_id != 'acct_00009' AND expires_at > CURRENT_TIMESTAMP() LIMIT {how_many}")
        # Of more than one row in 2,000 it is not known whose the accounts are: nothing lists them.
        if how_many == 1:
            yield (f"{how_many} log rows of accounts that nobody knows", KEYS,
                   f"INSERT INTO D.{LOG} SELECT 7, CONCAT('nobody_', CAST(id AS STRING)), TRUE, CURRENT_TIMESTAMP(), FALSE FROM UNNEST(GENERATE_ARRAY(1, {how_many})) AS id")
        yield (f"{how_many} captions have lost their statistics", ORPHANS,
               f"DELETE FROM D.{STATS} WHERE caption_id IN (SELECT caption_id FROM D.{STATS} WHERE total_views > 0 ORDER BY caption_id LIMIT {how_many})")
        yield (f"{how_many} captions that are held are gone", ORPHANS,
               f"DELETE FROM D.{BANK} WHERE caption_id IN (SELECT caption_id FROM D.{HELD} ORDER BY caption_id LIMIT {how_many})")


NEEDED = """bigquery.datasets.get bigquery.jobs.create bigquery.jobs.listAll bigquery.routines.create bigquery.routines.delete
bigquery.routines.get bigquery.routines.list bigquery.routines.update bigquery.tables.create bigquery.tables.createSnapshot
bigquery.tables.delete bigquery.tables.deleteSnapshot bigquery.tables.export bigquery.tables.get bigquery.tables.getData
bigquery.tables.list bigquery.tables.restoreSnapshot bigquery.tables.update bigquery.tables.updateData bigquery.transfers.get
bigquery.transfers.update""".split()


def forbidden():
    """A permission that is missing: of the project, of one table, of the bucket; and what can then not be looked at."""
    for name in NEEDED:
        yield f"{name} is missing", PERMISSIONS, {"deny": [name]}
    for table in (BANK, STATS, HELD):
        for name in ("getData", "updateData", "get", "update"):
            yield f"bigquery.tables.{name} is missing on {table}", PERMISSIONS, {"deny": [f"bigquery.tables.{name}"], "resource": f"{{set}}.{table}"}
    for name in ("storage.buckets.get", "storage.objects.create", "storage.objects.delete", "storage.objects.get", "storage.objects.list"):
        yield f"{name} is missing", BUCKET, {"deny": [name]}
    yield "the scheduled queries may not be seen", SCHEDULES, {"deny": ["bigquery.transfers.get"]}
    for item in (COUNTS, CORRUPTION, ORPHANS, KEYS, CLIENT, *BASELINE):
        yield f"no job may be run ({item})", item, {"deny": ["bigquery.jobs.create"]}
    for item in (COUNTS, CORRUPTION, ORPHANS, KEYS):
        for table in (BANK, STATS, HELD):
            yield f"{table} may not be read ({item})", item, {"deny": ["bigquery.tables.getData"], "resource": f"{{set}}.{table}"}


def elsewhere():
    """Another place than was meant: nobody there, another data set, project or bucket, another region."""
    for item in (NETWORK,):
        yield f"nobody answers ({item})", item, {"endpoint": "http://127.0.0.1:9"}
    for item in (DATASET, COUNTS, CORRUPTION, ORPHANS, KEYS):
        yield f"the data set has another name ({item})", item, {"dataset": "eros_plattform"}
        yield f"the data set is an empty one ({item})", item, {"dataset": "eros_empty"}
    yield "the bucket has another name", BUCKET, {"bucket": "eros-platform-backup"}
    yield "the bucket is in another region", BUCKET, {"bucket": "eros-backups-in-europe"}
    yield "the data set is in another region than was said", DATASET, {"location": "EU"}
    for table in (BANK, HELD):
        yield f"{table} is gone from the data set", DATASET, f"DROP TABLE D.{table}"


FUTURE = [("TIMESTAMP '2099-01-01'", "in 2099"), ("TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 2 DAY)", "the day after tomorrow"),
          ("TIMESTAMP '1970-01-01'", "in 1970")]
MISSING = [("NULL", "missing")]

# What it is, which boxes must say no, and the statements that make it so.
WAYS = [
    *changed(BANK, "caption_text", [("NULL", "missing"), ("''", "empty"), ("'  '", "blank")]),
    *changed(BANK, "is_active", MISSING),
    *changed(BANK, "created_at", MISSING + FUTURE),
    ("no caption is active", CORRUPTION, f"UPDATE D.{BANK} SET is_active = FALSE WHERE TRUE"),
    ("category is missing in all", CORRUPTION, f"UPDATE D.{BANK} SET category = NULL WHERE TRUE"),
    ("price_tier is missing in all", CORRUPTION, f"UPDATE D.{BANK} SET price_tier = NULL WHERE TRUE"),
    *changed(STATS, "total_views", MISSING + [("-1", "negative"), ("9000000000000000000", "near the end of numbers")]),
    *changed(STATS, "engagement_count", MISSING + [("-1", "negative"), ("total_views + 1", "more than views")]),
    *changed(STATS, "wilson_score_lower_bound",
             [("-0.0001", "below 0"), ("1.0000001", "above 1"), ("CAST('NaN' AS FLOAT64)", "no number"), ("CAST('inf' AS FLOAT64)", "infinite")]),
    ("all scores are missing", CORRUPTION, f"UPDATE D.{STATS} SET wilson_score_lower_bound = NULL WHERE TRUE"),
    ("a score of 0.99 without an engagement", CORRUPTION,
     f"UPDATE D.{STATS} SET engagement_count = 0, wilson_score_lower_bound = 0.99 WHERE caption_id = 7"),
    *changed(STATS, "last_updated", FUTURE),
    ("statistics are 400 days old", CORRUPTION, f"UPDATE D.{STATS} SET last_updated = TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 400 DAY) WHERE TRUE"),
    ("statistics are a month older than the log", CORRUPTION,
     f"UPDATE D.{STATS} SET last_updated = TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY) WHERE TRUE"),
    ("times of statistics are missing", CORRUPTION, f"UPDATE D.{STATS} SET last_updated = NULL WHERE TRUE"),
    *changed(HELD, "assigned_at", MISSING + FUTURE),
    *changed(HELD, "expires_at", [("TIMESTAMP_SUB(assigned_at, INTERVAL 1 HOUR)", "before it begins"), ("TIMESTAMP '2099-01-01'", "in 2099")]),
    *changed(LOG, "engaged", MISSING),
    *changed(LOG, "observed_at", MISSING + FUTURE),
    ("statistics have another column", CORRUPTION, f"ALTER TABLE D.{STATS} ADD COLUMN surprise STRING"),
    ("the log has another column", CORRUPTION, f"ALTER TABLE D.{LOG} ADD COLUMN surprise STRING"),
    ("a column of the captions is gone", CORRUPTION, f"ALTER TABLE D.{BANK} DROP COLUMN has_urgency"),
    ("statistics of no caption", ORPHANS, f"INSERT INTO D.{STATS} VALUES (99999, 10, 1, 0.01, CURRENT_TIMESTAMP())"),
    ("an assignment of no caption", ORPHANS,
     f"INSERT INTO D.{HELD} VALUES (99999, 'acct_00001', CURRENT_TIMESTAMP(), 's', TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY))"),
    ("a log row of no caption", ORPHANS, f"INSERT INTO D.{LOG} VALUES (99999, 'acct_00001', TRUE, CURRENT_TIMESTAMP(), FALSE)"),
    ("half of the statistics are gone", ORPHANS, f"DELETE FROM D.{STATS} WHERE MOD(caption_id, 2) = 0"),
    ("one row of statistics is gone", ORPHANS, f"DELETE FROM D.{STATS} WHERE caption_id = 7"),
    ("an inactive caption is held", ORPHANS, f"UPDATE D.{BANK} SET is_active = FALSE WHERE caption_id = (SELECT MIN(caption_id) FROM D.{HELD})"),
    ("an inactive caption is held for ever", ORPHANS,
     f"UPDATE D.{BANK} SET is_active = FALSE WHERE caption_id = (SELECT MIN(caption_id) FROM D.{HELD});"
     f"UPDATE D.{HELD} SET expires_at = NULL WHERE TRUE"),
    ("a caption that is held is gone", ORPHANS, f"DELETE FROM D.{BANK} WHERE caption_id = (SELECT MIN(caption_id) FROM D.{HELD})"),
    *changed(HELD, "caption_id", MISSING, KEYS),
    *changed(HELD, "account_id", MISSING + [("''", "empty")], KEYS),
    *changed(HELD, "schedule_id", MISSING + [("' '", "blank")], KEYS),
    *changed(STATS, "caption_id", MISSING, KEYS),
    *changed(BANK, "caption_id", MISSING, KEYS),
    *changed(LOG, "caption_id", MISSING, KEYS),
    *changed(LOG, "account_id", MISSING, KEYS),
    ("a caption is there twice", KEYS, f"INSERT INTO D.{BANK} SELECT * FROM D.{BANK} WHERE caption_id = 7"),
    ("statistics are there twice", KEYS, f"INSERT INTO D.{STATS} SELECT * FROM D.{STATS} WHERE caption_id = 7"),
    ("a caption is held twice", KEYS,
     f"INSERT INTO D.{HELD} SELECT caption_id, 'acct_00009', assigned_at, schedule_id, expires_at FROM D.{HELD} LIMIT 1"),
    ("a caption is held twice, once for ever", KEYS,
     f"INSERT INTO D.{HELD} SELECT caption_id, 'acct_00009', assigned_at, schedule_id, NULL FROM D.{HELD} LIMIT 1"),
    ("all are held twice", KEYS, f"INSERT INTO D.{HELD} SELECT caption_id, 'acct_00009', assigned_at, schedule_id, expires_at FROM D.{HELD}"),
    ("a log row of an account that nobody knows", KEYS, f"INSERT INTO D.{LOG} VALUES (7, 'nobody', TRUE, CURRENT_TIMESTAMP(), FALSE)"),
    *((f"{table} is empty", COUNTS, f"DELETE FROM D.{table} WHERE TRUE") for table in (BANK, STATS, HELD)),
    *((f"nine in ten of {table} are gone", COUNTS, f"DELETE FROM D.{table} WHERE MOD(caption_id, 10) != 0") for table in (BANK, STATS, HELD)),
    *((f"one in ten of {table} is gone", COUNTS, f"DELETE FROM D.{table} WHERE MOD(caption_id, 10) = 0") for table in (BANK, STATS)),
    ("20,000 captions of junk", COUNTS,
     f"INSERT INTO D.{BANK} SELECT 100000 + id, 'x', 'offer', 'low', FALSE, FALSE, CURRENT_TIMESTAMP() FROM UNNEST(GENERATE_ARRAY(1, 20000)) AS id"),
    ("assignments have grown twenty-fold", COUNTS,
     f"INSERT INTO D.{HELD} SELECT held.* FROM D.{HELD} AS held CROSS JOIN UNNEST(GENERATE_ARRAY(1, 19))"),
    *((f"{table} is gone", COUNTS, f"DROP TABLE D.{table}") for table in (BANK, STATS, HELD)),
    ("the log is gone", KEYS, f"DROP TABLE D.{LOG}"),
    ("the data set is another one", DATASET, f"DROP TABLE D.{STATS}"),
    *swapped(),
    *lost_and_grown(),
    *forbidden(),
    *elsewhere(),
    # And those that are no SQL: method, path, body.
    ("the bucket is gone", BUCKET, ("DELETE", "bucket", None)),
]

HEALTHY = [
    ("one assignment more", f"INSERT INTO D.{HELD} VALUES ((SELECT MAX(caption_id) FROM D.{BANK} WHERE is_active AND caption_id NOT IN (SELECT caption_id FROM D.{HELD})),"
     " 'acct_00001', CURRENT_TIMESTAMP(), 'sched_1', TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY))"),
    ("one assignment less", f"DELETE FROM D.{HELD} WHERE caption_id = (SELECT MIN(caption_id) FROM D.{HELD})"),
    ("a tenth of the assignments less", f"DELETE FROM D.{HELD} WHERE MOD(caption_id, 10) = 0"),
    ("assignments that have run out", f"UPDATE D.{HELD} SET assigned_at = TIMESTAMP_SUB(assigned_at, INTERVAL 30 DAY), expires_at = TIMESTAMP_SUB(expires_at, INTERVAL 30 DAY) WHERE TRUE"),
    ("assignments without an end", f"UPDATE D.{HELD} SET expires_at = NULL WHERE TRUE"),
    ("assignments for a year", f"UPDATE D.{HELD} SET expires_at = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 365 DAY) WHERE TRUE"),
    ("a new caption, without statistics", f"INSERT INTO D.{BANK} VALUES (100001, 'New', 'offer', 'low', FALSE, TRUE, CURRENT_TIMESTAMP())"),
    ("growth of 30 in 100",
     f"INSERT INTO D.{BANK} SELECT 100000 + caption_id, caption_text, category, price_tier, has_urgency, is_active, created_at FROM D.{BANK} WHERE MOD(caption_id, 10) < 3;"
     f"INSERT INTO D.{STATS} SELECT 100000 + caption_id, total_views, engagement_count, wilson_score_lower_bound, last_updated FROM D.{STATS} WHERE MOD(caption_id, 10) < 3"),
    ("a few captions retired", f"UPDATE D.{BANK} SET is_active = FALSE WHERE MOD(caption_id, 20) = 0 AND caption_id NOT IN (SELECT caption_id FROM D.{HELD})"),
    ("some captions have no category", f"UPDATE D.{BANK} SET category = NULL WHERE MOD(caption_id, 3) = 0"),
    ("some captions have no price tier", f"UPDATE D.{BANK} SET price_tier = NULL WHERE MOD(caption_id, 3) = 0"),
    ("views have grown", f"UPDATE D.{STATS} SET total_views = total_views + 100 WHERE TRUE"),
    ("views and engagements have grown", f"UPDATE D.{STATS} SET total_views = total_views + 100, engagement_count = engagement_count + 50 WHERE TRUE"),
    ("ten times as many views", f"UPDATE D.{STATS} SET total_views = total_views * 10 WHERE TRUE"),
    ("a caption that nobody has scored", f"UPDATE D.{STATS} SET total_views = 3, engagement_count = 0, wilson_score_lower_bound = NULL WHERE caption_id = 7"),
    ("a caption without a view", f"UPDATE D.{STATS} SET total_views = 0, engagement_count = 0, wilson_score_lower_bound = 0 WHERE caption_id = 7"),
    ("all of the views were acted on", f"UPDATE D.{STATS} SET engagement_count = total_views WHERE caption_id = 7"),
    ("statistics of today", f"UPDATE D.{STATS} SET last_updated = CURRENT_TIMESTAMP() WHERE TRUE"),
    ("one caption is old", f"UPDATE D.{STATS} SET last_updated = TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 400 DAY) WHERE caption_id = 7"),
    ("an idle week", f"DELETE FROM D.{LOG} WHERE observed_at > TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)"),
    ("the log was emptied after it was counted", f"DELETE FROM D.{LOG} WHERE processed"),
    ("no log at all", f"DELETE FROM D.{LOG} WHERE TRUE"),
    ("all of the log is counted", f"UPDATE D.{LOG} SET processed = TRUE WHERE TRUE"),
    ("a busy hour", f"INSERT INTO D.{LOG} SELECT caption_id, 'acct_00001', MOD(caption_id, 5) = 0, TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 10 MINUTE), FALSE FROM D.{BANK}"),
    ("an account with few rows", f"INSERT INTO D.{LOG} VALUES (7, (SELECT MIN(account_id) FROM D.{HELD}), TRUE, CURRENT_TIMESTAMP(), FALSE)"),
    ("two views in the same instant", f"INSERT INTO D.{LOG} SELECT * FROM D.{LOG} LIMIT 2"),
    ("another table beside", "CREATE TABLE D.other (x INT64)"),
    ("a table with a name like a backup's", f"CREATE SNAPSHOT TABLE D.{BANK}_backup_20240101_000000 CLONE D.{BANK}"),
    ("an account with another kind of name", f"UPDATE D.{HELD} SET account_id = 'Zürich_7' WHERE account_id = 'acct_00001';"
     f"UPDATE D.{LOG} SET account_id = 'Zürich_7' WHERE account_id = 'acct_00001'"),
    ("texts in other scripts", f"UPDATE D.{BANK} SET caption_text = '早上好 ✨' WHERE MOD(caption_id, 2) = 0"),
    ("a very long text", f"UPDATE D.{BANK} SET caption_text = REPEAT('long ', 20000) WHERE caption_id = 7"),
    ("captions of the year 2001", f"UPDATE D.{BANK} SET created_at = TIMESTAMP '2001-01-01' WHERE TRUE"),
    ("a caption created a moment ago", f"UPDATE D.{BANK} SET created_at = CURRENT_TIMESTAMP() WHERE caption_id = 7"),
    ("a clock that is some minutes ahead", f"UPDATE D.{STATS} SET last_updated = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 5 MINUTE) WHERE caption_id = 7"),
    ("nothing has changed", "SELECT 1"),
    *((f"{percent} in 100 captions more", f"INSERT INTO D.{BANK} SELECT 100000 + caption_id, caption_text, category, price_tier, has_urgency, TRUE, "
       f"CURRENT_TIMESTAMP() FROM D.{BANK} WHERE MOD(caption_id, 100) < {percent}") for percent in (1, 5, 10, 20, 40, 60, 80)),
    *((f"{percent} in 100 assignments less", f"DELETE FROM D.{HELD} WHERE MOD(caption_id, 100) < {percent}") for percent in (1, 5, 15, 20, 25)),
    *((f"statistics of {days} days ago for a half", f"UPDATE D.{STATS} SET last_updated = TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL {days} DAY) WHERE MOD(caption_id, 2) = 0")
      for days in (1, 10, 100, 1000, 5000)),
    *((f"captions of {days} days ago", f"UPDATE D.{BANK} SET created_at = TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL {days} DAY) WHERE TRUE") for days in (0, 1, 300, 3000)),
    *((f"assignments that end in {days} days", f"UPDATE D.{HELD} SET expires_at = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL {days} DAY) WHERE TRUE") for days in (1, 7, 90, 700)),
    *((f"a caption text of {what}", f"UPDATE D.{BANK} SET caption_text = {text} WHERE MOD(caption_id, 3) = 0") for what, text in (
        ("one letter", "'x'"), ("quotes", "'it\\'s \"so\"'"), ("SQL", "'DROP TABLE x; --'"), ("lines", "'one\\ntwo'"), ("right-to-left", "'שלום'"),
        ("an emoji", "'👍🏽'"), ("the same everywhere", "'Same'"), ("markup", "'<b>&amp;</b>'"))),
    *((f"all captions are of {column} {value}", f"UPDATE D.{BANK} SET {column} = '{value}' WHERE TRUE") for column, value in (
        ("category", "offer"), ("category", "new kind"), ("price_tier", "premium"), ("price_tier", "free"))),
    ("all captions are urgent", f"UPDATE D.{BANK} SET has_urgency = TRUE WHERE TRUE"),
    ("no caption is urgent", f"UPDATE D.{BANK} SET has_urgency = FALSE WHERE TRUE"),
    ("urgency is not known", f"UPDATE D.{BANK} SET has_urgency = NULL WHERE TRUE"),
    ("all captions are active", f"UPDATE D.{BANK} SET is_active = TRUE WHERE TRUE"),
    *((f"each caption was seen {views} times", f"UPDATE D.{STATS} SET total_views = {views}, engagement_count = {seen}, wilson_score_lower_bound = {score} WHERE TRUE")
      for views, seen, score in ((10, 1, 0.01), (1000, 0, 0), (1000000, 500000, 0.49), (1000000000, 3, 0.0), (9, 0, "NULL"))),
    *((f"{rows} views in the last hour", f"INSERT INTO D.{LOG} SELECT caption_id, (SELECT MIN(account_id) FROM D.{HELD}), TRUE, TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 MINUTE), "
       f"FALSE FROM D.{BANK} LIMIT {rows}") for rows in (1, 10, 1000, 5000)),
    *((f"the log goes back {days} days only", f"DELETE FROM D.{LOG} WHERE observed_at < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL {days} DAY)") for days in (1, 3, 7)),
    ("nobody was engaged", f"UPDATE D.{LOG} SET engaged = FALSE WHERE TRUE"),
    ("everybody was engaged", f"UPDATE D.{LOG} SET engaged = TRUE WHERE TRUE"),
    ("none of the log is counted", f"UPDATE D.{LOG} SET processed = FALSE WHERE TRUE"),
    ("one account holds them all", f"UPDATE D.{HELD} SET account_id = 'acct_00001' WHERE TRUE"),
    ("each account holds one", f"UPDATE D.{HELD} SET account_id = (SELECT MIN(account_id) FROM D.{HELD}) WHERE MOD(caption_id, 2) = 0"),
    ("one schedule has made them all", f"UPDATE D.{HELD} SET schedule_id = 'sched_1' WHERE TRUE"),
    *((f"{what} beside", f"CREATE {what.upper()} D.other {rest}") for what, rest in (
        ("view", f"AS SELECT * FROM D.{BANK}"), ("function", "() RETURNS INT64 AS (1)"), ("procedure", "() BEGIN SELECT 1; END"))),
    *((f"a backup of {stamp} too", f"CREATE SNAPSHOT TABLE D.{BANK}_backup_{stamp} CLONE D.{BANK}_kept") for stamp in ("20230101_000000", "20240229_235959")),
    *((f"{name} is missing, which nobody needs", {"deny": [name]}) for name in (
        "bigquery.datasets.update", "bigquery.datasets.delete", "bigquery.models.create", "bigquery.jobs.delete", "storage.buckets.delete", "storage.buckets.update")),
    ("captions are partitioned by day", f"CREATE OR REPLACE TABLE D.{BANK} PARTITION BY DATE(created_at) AS SELECT * FROM D.{BANK}_kept"),
    ("statistics are clustered", f"CREATE OR REPLACE TABLE D.{STATS} CLUSTER BY caption_id AS SELECT * FROM D.{STATS}_kept"),
    ("the tables have descriptions", f"ALTER TABLE D.{BANK} SET OPTIONS (description = 'captions')"),
    ("the tables have labels", f"ALTER TABLE D.{HELD} SET OPTIONS (labels = [('team', 'eros')])"),
]
