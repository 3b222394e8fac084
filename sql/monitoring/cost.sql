-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the data set's queries, without those of a deployment, cost at @price_per_tib US dollars for each TiB billed: in the
-- last 24 hours, and a day since @since beside the seven days before it (or as long as there have been queries). A day is
-- worked out from half a day at least: from less nobody knows it.
WITH jobs AS (
  SELECT
    creation_time,
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
)
SELECT
  cost_24h, jobs_24h, jobs_after, jobs_before, seconds_after, seconds_before,
  IF(seconds_after >= 43200, ROUND(cost_after * 86400 / seconds_after, 4), NULL) AS daily_cost_after,
  IF(seconds_before >= 43200, ROUND(cost_before * 86400 / seconds_before, 4), NULL) AS daily_cost_before
FROM spans
