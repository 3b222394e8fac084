-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the data set's queries, without those of a deployment, cost at @price_per_tib US dollars for each TiB billed: in the
-- last 24 hours, and a day since @since beside the seven days before it (or as long as there have been queries). A day is
-- worked out from half a day at least: from less nobody knows it.
-- billed_… compares the logarithm of what a query was billed, hourly_… that of what all queries of a whole hour were, both
-- hour of the day by hour of the day: see query-performance.sql.
WITH jobs AS (
  SELECT
    creation_time,
    DIV(TIMESTAMP_DIFF(creation_time, TIMESTAMP_SUB(@since, INTERVAL 7 DAY), SECOND), 3600) AS slot,
    CAST(IFNULL(total_bytes_billed, 0) AS FLOAT64) AS bytes,
    CAST(IFNULL(total_bytes_billed, 0) AS NUMERIC) / 1099511627776 * @price_per_tib AS dollars
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 7 DAY)
    AND job_type = 'QUERY'
    AND statement_type IS DISTINCT FROM 'SCRIPT'
    AND NOT EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
    AND EXISTS (SELECT 1 FROM UNNEST(referenced_tables) AS referenced WHERE referenced.dataset_id = '${dataset}')
), spans AS (
  SELECT
    ROUND(IFNULL(SUM(IF(creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR), dollars, 0)), 0), 4)
      AS cost_24h,
    COUNTIF(creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS jobs_24h,
    SUM(IF(creation_time >= @since, dollars, NULL)) AS cost_after,
    SUM(IF(creation_time < @since, dollars, NULL)) AS cost_before,
    COUNTIF(creation_time >= @since) AS jobs_after,
    COUNTIF(creation_time < @since) AS jobs_before,
    TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND) AS seconds_after,
    TIMESTAMP_DIFF(@since, MIN(IF(creation_time < @since, creation_time, NULL)), SECOND) AS seconds_before
  FROM jobs
), totals AS (
  SELECT slot, LN(SUM(bytes)) AS logarithm
  FROM jobs
  WHERE bytes > 0 AND slot < 168 + DIV(TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND), 3600)
  GROUP BY slot
), numbers AS (
  -- 168 hours lie before.
  SELECT 'billed' AS what, slot >= 168 AS is_after, MOD(slot, 24) AS hour, LN(bytes) AS logarithm
  FROM jobs
  WHERE bytes > 0
  UNION ALL
  SELECT 'hourly', slot >= 168, MOD(slot, 24), logarithm FROM totals
), hours AS (
  SELECT
    what,
    COUNTIF(is_after) AS n_after,
    COUNTIF(NOT is_after) AS n_before,
    AVG(IF(is_after, logarithm, NULL)) AS log_after,
    AVG(IF(is_after, NULL, logarithm)) AS log_before,
    IFNULL(VAR_SAMP(IF(is_after, logarithm, NULL)), 0) * (COUNTIF(is_after) - 1) AS squares_after,
    IFNULL(VAR_SAMP(IF(is_after, NULL, logarithm)), 0) * (COUNTIF(NOT is_after) - 1) AS squares_before
  FROM numbers
  GROUP BY what, hour
), compared AS (
  SELECT
    what,
    SUM(n_after) AS n_after,
    SUM(n_before) AS n_before,
    SAFE_DIVIDE(POW(SUM(n_after), 2), SUM(POW(n_after, 2) / n_before)) AS worth_before,
    SAFE_DIVIDE(SUM(n_after * log_after), SUM(n_after)) AS log_after,
    SAFE_DIVIDE(SUM(n_after * log_before), SUM(n_after)) AS log_before,
    SAFE_DIVIDE(SUM(squares_after), SUM(n_after - 1)) AS variance_after,
    SAFE_DIVIDE(SUM(squares_before), SUM(n_before - 1)) AS variance_before
  FROM hours
  WHERE n_after > 0 AND n_before > 0
  GROUP BY what
)
SELECT
  cost_24h, jobs_24h, jobs_after, jobs_before, seconds_after, seconds_before,
  IF(seconds_after >= 43200, ROUND(cost_after * 86400 / seconds_after, 4), NULL) AS daily_cost_after,
  IF(seconds_before >= 43200, ROUND(cost_before * 86400 / seconds_before, 4), NULL) AS daily_cost_before,
  IFNULL(billed.n_after, 0) AS billed_n_after,
  IFNULL(billed.n_before, 0) AS billed_n_before,
  billed.worth_before AS billed_worth_before,
  billed.log_after AS billed_log_after,
  billed.log_before AS billed_log_before,
  billed.variance_after AS billed_variance_after,
  billed.variance_before AS billed_variance_before,
  IFNULL(hourly.n_after, 0) AS hourly_n_after,
  IFNULL(hourly.n_before, 0) AS hourly_n_before,
  hourly.worth_before AS hourly_worth_before,
  hourly.log_after AS hourly_log_after,
  hourly.log_before AS hourly_log_before,
  -- The days since may be too few for a variance of their own.
  IFNULL(hourly.variance_after, hourly.variance_before) AS hourly_variance_after,
  hourly.variance_before AS hourly_variance_before
FROM spans
LEFT JOIN compared AS billed ON billed.what = 'billed'
LEFT JOIN compared AS hourly ON hourly.what = 'hourly'
