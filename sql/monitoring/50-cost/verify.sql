-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the data set's queries, without those of a deployment, cost at @price_per_tib US dollars for each TiB billed: in the
-- last 24 hours, and a day since @since beside the seven days before it. The queries and a day's cost are those of
-- baseline/workload.sql: whole hours that are over, none before the first query, and half a day at least: from less nobody
-- knows it. What is later than @until is left out.
-- billed_… compares the logarithm of what a query was billed, hourly_… that of what all queries of a whole hour were, both
-- hour of the day by hour of the day: see 10-query-performance.
-- verify: cost
WITH own_scripts AS (
  SELECT job_id
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 15 DAY)
    AND statement_type = 'SCRIPT'
    AND EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
), all_jobs AS (
  SELECT
    creation_time,
    CAST(IFNULL(total_bytes_billed, 0) AS FLOAT64) AS bytes,
    CAST(IFNULL(total_bytes_billed, 0) AS NUMERIC) / 1099511627776 * @price_per_tib AS dollars
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 14 DAY)
    AND creation_time < LEAST(@until, CURRENT_TIMESTAMP())
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
), jobs AS (
  SELECT
    creation_time, bytes, dollars,
    DIV(TIMESTAMP_DIFF(creation_time, TIMESTAMP_SUB(@since, INTERVAL 7 DAY), SECOND), 3600) AS slot
  FROM all_jobs
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 7 DAY)
), firsts AS (
  -- The first whole hour that counts, on either side.
  SELECT
    GREATEST(0, CAST(CEIL(TIMESTAMP_DIFF(MIN(creation_time), TIMESTAMP_SUB(@since, INTERVAL 7 DAY), SECOND) / 3600) AS INT64))
      AS before,
    GREATEST(168, CAST(CEIL(TIMESTAMP_DIFF(
      MIN(IF(creation_time >= TIMESTAMP_SUB(@since, INTERVAL 7 DAY), creation_time, NULL)),
      TIMESTAMP_SUB(@since, INTERVAL 7 DAY), SECOND) / 3600) AS INT64)) AS after,
    168 + DIV(TIMESTAMP_DIFF(LEAST(@until, CURRENT_TIMESTAMP()), @since, SECOND), 3600) AS past
  FROM all_jobs
), spans AS (
  SELECT
    ROUND(IFNULL(SUM(IF(creation_time >= TIMESTAMP_SUB(LEAST(@until, CURRENT_TIMESTAMP()), INTERVAL 24 HOUR), dollars, 0)), 0), 4)
      AS cost_24h,
    COUNTIF(creation_time >= TIMESTAMP_SUB(LEAST(@until, CURRENT_TIMESTAMP()), INTERVAL 24 HOUR)) AS jobs_24h,
    IFNULL(SUM(IF(slot >= firsts.after AND slot < firsts.past, dollars, 0)), 0) AS cost_after,
    IFNULL(SUM(IF(slot >= firsts.before AND slot < 168, dollars, 0)), 0) AS cost_before,
    COUNTIF(creation_time >= @since) AS jobs_after,
    COUNTIF(creation_time < @since) AS jobs_before,
    GREATEST(0, IFNULL(MIN(firsts.past - firsts.after), 0)) AS hours_after,
    GREATEST(0, IFNULL(MIN(168 - firsts.before), 0)) AS hours_before
  FROM firsts
  LEFT JOIN jobs ON TRUE
), totals AS (
  SELECT slot, LN(SUM(bytes)) AS logarithm
  FROM jobs
  WHERE bytes > 0 AND slot < 168 + DIV(TIMESTAMP_DIFF(LEAST(@until, CURRENT_TIMESTAMP()), @since, SECOND), 3600)
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
  cost_24h, jobs_24h, jobs_after, jobs_before, hours_after, hours_before,
  FORMAT_TIMESTAMP('%F %H:%M UTC', @since) AS cost_since,
  IF(hours_after >= 12, ROUND(cost_after * 24 / hours_after, 4), NULL) AS daily_cost_after,
  IF(hours_before >= 12, ROUND(cost_before * 24 / hours_before, 4), NULL) AS daily_cost_before,
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
