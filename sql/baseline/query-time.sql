-- SPDX-License-Identifier: GPL-3.0-or-later
-- Average execution time of the data set's own queries in the last 24 hours, without those of a deployment; answers from
-- the cache say nothing.
SELECT
  COUNT(*) AS queries,
  ROUND(AVG(TIMESTAMP_DIFF(end_time, start_time, MILLISECOND)) / 1000, 3) AS average_seconds
FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
WHERE creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)
  AND job_type = 'QUERY'
  AND statement_type IS DISTINCT FROM 'SCRIPT'
  AND NOT EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
  AND state = 'DONE'
  AND error_result IS NULL
  AND cache_hit IS NOT TRUE
  AND EXISTS (SELECT 1 FROM UNNEST(referenced_tables) AS referenced WHERE referenced.dataset_id = '${dataset}')
