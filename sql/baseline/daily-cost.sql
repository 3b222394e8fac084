-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the project's queries of the last 24 hours cost at @price_per_tib US dollars for each TiB billed. A script's
-- own row repeats its children's bytes and is left out.
SELECT
  COUNT(*) AS jobs,
  COALESCE(SUM(total_bytes_billed), 0) AS bytes_billed,
  ROUND(CAST(COALESCE(SUM(total_bytes_billed), 0) AS NUMERIC) / 1099511627776 * @price_per_tib, 4) AS daily_cost
FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
WHERE creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)
  AND job_type = 'QUERY'
  AND statement_type IS DISTINCT FROM 'SCRIPT'
  AND NOT EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
