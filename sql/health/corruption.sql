-- SPDX-License-Identifier: GPL-3.0-or-later
-- What cannot be, over every table and column that the deployment reads or writes: a rule a line, with how many rows break
-- it. A caption that is new needs no score yet and no engagement; what is there must be possible.
WITH declared AS (
  SELECT * FROM UNNEST([
    STRUCT('caption_bank' AS table_name, 'caption_id INT64, caption_text STRING, category STRING, price_tier STRING, has_urgency BOOL, is_active BOOL, created_at TIMESTAMP' AS columns),
    STRUCT('caption_bandit_stats', 'caption_id INT64, total_views INT64, engagement_count INT64, wilson_score_lower_bound FLOAT64, last_updated TIMESTAMP'),
    STRUCT('active_caption_assignments', 'caption_id INT64, account_id STRING, assigned_at TIMESTAMP, schedule_id STRING, expires_at TIMESTAMP'),
    STRUCT('caption_performance_log', 'caption_id INT64, account_id STRING, engaged BOOL, observed_at TIMESTAMP, processed BOOL')
  ])
),
layouts AS (
  SELECT
    declared.table_name,
    declared.columns AS wanted,
    IFNULL(STRING_AGG(CONCAT(found.column_name, ' ', found.data_type), ', ' ORDER BY found.ordinal_position), 'nothing') AS present,
    COUNTIF(STRPOS(CONCAT(', ', declared.columns, ','), CONCAT(', ', found.column_name, ' ', found.data_type, ',')) = 0) AS unknown,
    ARRAY_LENGTH(SPLIT(declared.columns, ', ')) - COUNTIF(
      STRPOS(CONCAT(', ', declared.columns, ','), CONCAT(', ', found.column_name, ' ', found.data_type, ',')) > 0) AS missing
  FROM declared
  LEFT JOIN `${project}.${dataset}.INFORMATION_SCHEMA.COLUMNS` AS found ON found.table_name = declared.table_name
  GROUP BY declared.table_name, declared.columns
),
findings AS (
  SELECT 0 AS n_rows, [STRUCT(
    CONCAT(table_name, ' has other columns than it should: ', present) AS rule, unknown + missing AS n)] AS rules
  FROM layouts
  UNION ALL
  SELECT COUNT(*), [
    STRUCT('caption_bank.caption_text is missing or blank' AS rule, COUNTIF(TRIM(IFNULL(caption_text, '')) = '') AS n),
    STRUCT('caption_bank.is_active is missing', COUNTIF(is_active IS NULL)),
    STRUCT('caption_bank.category is missing in every row', IF(COUNT(category) = 0, COUNT(*), 0)),
    STRUCT('caption_bank.price_tier is missing in every row', IF(COUNT(price_tier) = 0, COUNT(*), 0)),
    STRUCT('caption_bank.created_at is missing', COUNTIF(created_at IS NULL)),
    STRUCT('caption_bank.created_at is in the future, or before 2000',
      COUNTIF(created_at NOT BETWEEN TIMESTAMP '2000-01-01' AND TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR))),
    STRUCT('caption_bank has no active caption', IF(COUNT(*) > 0 AND COUNTIF(is_active) = 0, COUNT(*), 0))]
  FROM `${project}.${dataset}.caption_bank`
  UNION ALL
  SELECT COUNT(*), [
    STRUCT('caption_bandit_stats: a count is missing' AS rule, COUNTIF(total_views IS NULL OR engagement_count IS NULL) AS n),
    STRUCT('caption_bandit_stats: a count is negative', COUNTIF(total_views < 0 OR engagement_count < 0)),
    STRUCT('caption_bandit_stats: a count is above a million million',
      COUNTIF(total_views > 1000000000000 OR engagement_count > 1000000000000)),
    STRUCT('caption_bandit_stats: more engagements than views', COUNTIF(engagement_count > total_views AND total_views >= 0)),
    STRUCT('caption_bandit_stats: a score outside 0 to 1', COUNTIF(wilson_score_lower_bound NOT BETWEEN 0 AND 1)),
    STRUCT('caption_bandit_stats: a score without an engagement',
      COUNTIF(wilson_score_lower_bound > 0 AND engagement_count = 0)),
    STRUCT('caption_bandit_stats: ten views or more and no score',
      COUNTIF(wilson_score_lower_bound IS NULL AND total_views >= 10)),
    STRUCT('caption_bandit_stats: views, and no time at which they were counted',
      COUNTIF(last_updated IS NULL AND total_views > 0)),
    STRUCT('caption_bandit_stats.last_updated is in the future, or before 2000',
      COUNTIF(last_updated NOT BETWEEN TIMESTAMP '2000-01-01' AND TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR))),
    -- Statistics of a data set in which nothing happens may be old; a week older than what they have counted, or than a
    -- quarter of a year, is a feedback loop that has stopped.
    STRUCT('caption_bandit_stats is out of date as a whole', IF(
      MAX(last_updated) < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 90 DAY)
      OR MAX(last_updated) < TIMESTAMP_SUB((
        SELECT MAX(observed_at) FROM `${project}.${dataset}.caption_performance_log` WHERE processed), INTERVAL 7 DAY),
      COUNT(*), 0))]
  FROM `${project}.${dataset}.caption_bandit_stats`
  UNION ALL
  SELECT COUNT(*), [
    STRUCT('active_caption_assignments.assigned_at is missing' AS rule, COUNTIF(assigned_at IS NULL) AS n),
    STRUCT('active_caption_assignments.assigned_at is in the future, or before 2000',
      COUNTIF(assigned_at NOT BETWEEN TIMESTAMP '2000-01-01' AND TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR))),
    STRUCT('active_caption_assignments: it ends before it begins', COUNTIF(expires_at < assigned_at)),
    STRUCT('active_caption_assignments.expires_at is more than two years away',
      COUNTIF(expires_at > TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 731 DAY)))]
  FROM `${project}.${dataset}.active_caption_assignments`
  UNION ALL
  SELECT COUNT(*), [
    STRUCT('caption_performance_log.engaged is missing' AS rule, COUNTIF(engaged IS NULL) AS n),
    STRUCT('caption_performance_log.observed_at is missing', COUNTIF(observed_at IS NULL)),
    STRUCT('caption_performance_log.observed_at is in the future, or before 2000',
      COUNTIF(observed_at NOT BETWEEN TIMESTAMP '2000-01-01' AND TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)))]
  FROM `${project}.${dataset}.caption_performance_log`
)
SELECT
  (SELECT SUM(n_rows) FROM findings) AS checked_rows,
  COUNT(*) AS rules,
  SUM(one.n) AS breaches,
  IFNULL(CONCAT(': ', STRING_AGG(IF(one.n > 0, CONCAT(one.rule, ' (', CAST(one.n AS STRING), ')'), NULL), '; ' ORDER BY one.rule)), '') AS found
FROM findings
CROSS JOIN UNNEST(rules) AS one
