-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the data set's own queries took, used and cost from @begun to @ended: those of a deployment and answers from the cache
-- are left out, those that failed are counted apart. A script's own row repeats its children. The measure is the hour:
-- whole hours that are over, of each day the first @hours counted from @begun, none before the first query of the week
-- before or later. The spread is the standard deviation of the hours. A day's cost is worked out from half a day at least.
WITH own_scripts AS (
  -- Whether the statements of a script have its labels is not said.
  SELECT job_id
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@begun, INTERVAL 8 DAY)
    AND statement_type = 'SCRIPT'
    AND EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
), jobs AS (
  SELECT
    creation_time,
    error_result IS NOT NULL AS failed,
    TIMESTAMP_DIFF(end_time, start_time, MILLISECOND) AS ms,
    IFNULL(total_slot_ms, 0) AS slot_ms,
    CAST(IFNULL(total_bytes_billed, 0) AS NUMERIC) / 1099511627776 * @price_per_tib AS dollars,
    DIV(TIMESTAMP_DIFF(creation_time, @begun, SECOND), 3600) AS hour
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@begun, INTERVAL 7 DAY)
    AND creation_time < @ended
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
), spans AS (
  SELECT
    GREATEST(0, CAST(CEIL(TIMESTAMP_DIFF(MIN(creation_time), @begun, SECOND) / 3600) AS INT64)) AS first,
    DIV(TIMESTAMP_DIFF(LEAST(@ended, CURRENT_TIMESTAMP()), @begun, SECOND), 3600) AS past
  FROM jobs
), hours AS (
  SELECT hour
  FROM spans, UNNEST(GENERATE_ARRAY(spans.first, spans.past - 1)) AS hour
  WHERE MOD(hour, 24) < @hours
), sums AS (
  SELECT
    hour,
    COUNTIF(NOT failed) AS queries,
    COUNTIF(failed) AS failed,
    SUM(IF(failed, NULL, ms)) AS ms,
    SUM(IF(failed, NULL, slot_ms)) AS slot_ms,
    SUM(dollars) AS dollars
  FROM jobs
  WHERE creation_time >= @begun
  GROUP BY hour
), seen AS (
  SELECT
    hours.hour,
    IFNULL(sums.queries, 0) AS queries,
    IFNULL(sums.failed, 0) AS failed,
    sums.ms,
    sums.slot_ms,
    CAST(IFNULL(sums.dollars, 0) AS FLOAT64) * 24 AS daily_cost,
    SAFE_DIVIDE(sums.ms, sums.queries) / 1000 AS query_time,
    SAFE_DIVIDE(sums.slot_ms, sums.ms) AS slot_usage
  FROM hours
  LEFT JOIN sums ON sums.hour = hours.hour
)
SELECT
  COUNT(*) AS hours,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%SZ', TIMESTAMP_ADD(@begun, INTERVAL MIN(hour) HOUR)) AS first_time,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%SZ', TIMESTAMP_ADD(@begun, INTERVAL (MAX(hour) + 1) HOUR)) AS last_time,
  IFNULL(SUM(queries), 0) AS queries,
  IFNULL(SUM(failed), 0) AS failed,
  ROUND(SAFE_DIVIDE(SUM(ms), SUM(queries)) / 1000, 3) AS query_time,
  ROUND(STDDEV_SAMP(query_time), 3) AS query_time_spread,
  STRING_AGG(CAST(ROUND(query_time, 4) AS STRING), ' ' ORDER BY hour) AS query_time_hours,
  ROUND(SAFE_DIVIDE(SUM(slot_ms), SUM(ms)), 3) AS slot_usage,
  ROUND(STDDEV_SAMP(slot_usage), 3) AS slot_usage_spread,
  STRING_AGG(CAST(ROUND(slot_usage, 4) AS STRING), ' ' ORDER BY hour) AS slot_usage_hours,
  IF(COUNT(*) >= 12, ROUND(CAST(AVG(daily_cost) AS NUMERIC), 4), NULL) AS daily_cost,
  IF(COUNT(*) >= 12, ROUND(CAST(STDDEV_SAMP(daily_cost) AS NUMERIC), 4), NULL) AS daily_cost_spread,
  STRING_AGG(CAST(ROUND(daily_cost, 6) AS STRING), ' ' ORDER BY hour) AS daily_cost_hours
FROM seen
