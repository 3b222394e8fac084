-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the data set's queries cost at @price_per_tib US dollars for each TiB billed: the last 24 hours, and a day on
-- average over the seven days before @since, which is not known when there was no query.
SELECT
  ROUND(IFNULL(SUM(IF(creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR), dollars, 0)), 0), 4)
    AS cost_24h,
  ROUND(SUM(IF(creation_time < @since, dollars, NULL)) / 7, 4) AS daily_cost_before,
  COUNTIF(creation_time >= @since) AS jobs_after,
  COUNTIF(creation_time < @since) AS jobs_before
FROM (
  SELECT
    creation_time,
    CAST(IFNULL(total_bytes_billed, 0) AS NUMERIC) / 1099511627776 * @price_per_tib AS dollars
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 7 DAY)
    AND job_type = 'QUERY'
    AND statement_type IS DISTINCT FROM 'SCRIPT'
    AND EXISTS (SELECT 1 FROM UNNEST(referenced_tables) AS referenced WHERE referenced.dataset_id = '${dataset}')
)
