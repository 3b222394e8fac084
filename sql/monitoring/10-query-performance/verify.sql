-- SPDX-License-Identifier: GPL-3.0-or-later
-- The data set's queries since @since beside those of the same hours of the days before, for load has a daily shape.
-- Compared are at most seven days. A query that failed before its tables were known (a table is missing, a name is
-- misspelt) has none, and no statement type either when it could not be read: it counts when its text names the data set.
-- seconds_…: the logarithms of the times of those that succeeded, hour of the day by hour of the day, counted from @since.
-- The hours weigh as they do since then, and one that has queries on one side only is left out; the variances are those
-- within the hours, and seconds_worth_before is the number of queries that would tell as much if all hours weighed alike.
-- Which queries count is the same as in baseline/workload.sql. What is later than @until is left out.
-- is_silent: nothing was asked since, or in the last two whole hours, although ten queries or more are usual then (the average
-- of seven days): of a thousand such hours none would be empty by chance. silence_is_known: something was asked since, or so
-- much is usual that its silence would be noticed.
-- verify: query-performance
WITH present AS (
  SELECT LEAST(@until, CURRENT_TIMESTAMP()) AS moment
), own_scripts AS (
  SELECT job_id
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 8 DAY)
    AND statement_type = 'SCRIPT'
    AND EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
), jobs AS (
  SELECT
    creation_time >= @since AS is_after,
    DIV(TIMESTAMP_DIFF(creation_time, @since, SECOND), 3600) AS hour_after,
    MOD(DIV(TIMESTAMP_DIFF(creation_time, TIMESTAMP_SUB(@since, INTERVAL 7 DAY), SECOND), 3600), 24) AS hour,
    error_result IS NOT NULL AS failed,
    TIMESTAMP_DIFF(end_time, start_time, MILLISECOND) / 1000 AS seconds,
    IFNULL(total_bytes_billed, 0) AS bytes_billed,
    IFNULL(total_slot_ms, 0) AS slot_ms
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 7 DAY)
    AND creation_time < (SELECT moment FROM present)
    AND job_type = 'QUERY'
    AND statement_type IS DISTINCT FROM 'SCRIPT'
    AND NOT EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
    AND IFNULL(parent_job_id, '') NOT IN (SELECT job_id FROM own_scripts)
    AND state = 'DONE'
    AND cache_hit IS NOT TRUE
    AND (
      EXISTS (SELECT 1 FROM UNNEST(referenced_tables) AS referenced WHERE referenced.dataset_id = '${dataset}')
      OR (
        error_result IS NOT NULL AND ARRAY_LENGTH(IFNULL(referenced_tables, [])) = 0
        AND REGEXP_CONTAINS(query, r'\b${dataset}\b')
      )
    )
    AND (
      creation_time >= @since
      OR MOD(TIMESTAMP_DIFF(@since, creation_time, SECOND), 86400)
        >= 86400 - LEAST(86400, TIMESTAMP_DIFF((SELECT moment FROM present), @since, SECOND))
    )
), sums AS (
  SELECT
    COUNTIF(is_after) AS queries_after,
    COUNTIF(NOT is_after) AS queries_before,
    COUNTIF(is_after AND failed) AS failed_after,
    COUNTIF(NOT is_after AND failed) AS failed_before,
    SAFE_DIVIDE(100 * COUNTIF(is_after AND failed), COUNTIF(is_after)) AS error_rate_after,
    SAFE_DIVIDE(100 * COUNTIF(NOT is_after AND failed), COUNTIF(NOT is_after)) AS error_rate_before,
    AVG(IF(is_after AND NOT failed, seconds, NULL)) AS average_seconds_after,
    AVG(IF(NOT is_after AND NOT failed, seconds, NULL)) AS average_seconds_before,
    MAX(IF(is_after, seconds, NULL)) AS longest_seconds_after,
    IFNULL(SUM(IF(is_after, slot_ms, 0)), 0) AS slot_ms_after,
    IFNULL(SUM(IF(is_after, bytes_billed, 0)), 0) AS bytes_billed_after
  FROM jobs
), whole AS (
  SELECT DIV(TIMESTAMP_DIFF(moment, @since, SECOND), 3600) AS hours FROM present
), lately AS (
  SELECT
    COUNTIF(jobs.is_after AND jobs.hour_after BETWEEN whole.hours - 2 AND whole.hours - 1) AS queries_lately,
    SAFE_DIVIDE(COUNTIF(NOT jobs.is_after AND jobs.hour IN (MOD(whole.hours + 22, 24), MOD(whole.hours + 23, 24))), 7)
      AS queries_usual,
    MAX(whole.hours) >= 2 AS is_over
  FROM whole
  LEFT JOIN jobs ON TRUE
), hours AS (
  -- What takes no time at all takes less than a millisecond.
  SELECT
    COUNTIF(is_after) AS n_after,
    COUNTIF(NOT is_after) AS n_before,
    AVG(IF(is_after, LN(GREATEST(seconds, 0.001)), NULL)) AS log_after,
    AVG(IF(is_after, NULL, LN(GREATEST(seconds, 0.001)))) AS log_before,
    IFNULL(VAR_SAMP(IF(is_after, LN(GREATEST(seconds, 0.001)), NULL)), 0) * (COUNTIF(is_after) - 1) AS squares_after,
    IFNULL(VAR_SAMP(IF(is_after, NULL, LN(GREATEST(seconds, 0.001)))), 0) * (COUNTIF(NOT is_after) - 1)
      AS squares_before
  FROM jobs
  WHERE NOT failed
  GROUP BY hour
), compared AS (
  SELECT
    IFNULL(SUM(n_after), 0) AS seconds_n_after,
    IFNULL(SUM(n_before), 0) AS seconds_n_before,
    SAFE_DIVIDE(POW(SUM(n_after), 2), SUM(POW(n_after, 2) / n_before)) AS seconds_worth_before,
    SAFE_DIVIDE(SUM(n_after * log_after), SUM(n_after)) AS seconds_log_after,
    SAFE_DIVIDE(SUM(n_after * log_before), SUM(n_after)) AS seconds_log_before,
    SAFE_DIVIDE(SUM(squares_after), SUM(n_after - 1)) AS seconds_variance_after,
    SAFE_DIVIDE(SUM(squares_before), SUM(n_before - 1)) AS seconds_variance_before
  FROM hours
  WHERE n_after > 0 AND n_before > 0
)
SELECT
  * EXCEPT (is_over, queries_usual),
  ROUND(queries_usual, 1) AS queries_usual,
  ROUND(error_rate_after, 2) AS error_rate,
  ROUND(average_seconds_after, 2) AS seconds,
  ROUND(error_rate_after - error_rate_before, 2) AS error_increase,
  error_rate_before + 2 AS tolerated_error_rate,
  IF((queries_after = 0 AND queries_before >= 70) OR (is_over AND queries_lately = 0 AND queries_usual >= 10), 1, 0)
    AS is_silent,
  IF(queries_after > 0 OR queries_before >= 70, 1, 0) AS silence_is_known,
  ROUND(100 * SAFE_DIVIDE(average_seconds_after, average_seconds_before) - 100, 2) AS slowdown_percent
FROM sums
CROSS JOIN compared
CROSS JOIN lately
