-- SPDX-License-Identifier: GPL-3.0-or-later
-- The data set's queries that have not ended. Which tables a query reads may not be known before it ends, so it counts when
-- its text names the data set. The team's limit for most queries is 60 s, and ten minutes for the longest.
-- verify: running-jobs
WITH jobs AS (
  SELECT job_id, TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), creation_time, MINUTE) AS minutes
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 DAY)
    AND job_type = 'QUERY'
    AND state <> 'DONE'
    AND NOT EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
    AND (
      EXISTS (SELECT 1 FROM UNNEST(referenced_tables) AS referenced WHERE referenced.dataset_id = '${dataset}')
      OR REGEXP_CONTAINS(query, r'\b${dataset}\b')
    )
)
SELECT
  COUNT(*) AS running,
  COUNTIF(minutes >= 15) AS hanging,
  IFNULL(STRING_AGG(IF(minutes >= 15, job_id, NULL), ', ' ORDER BY minutes DESC LIMIT 3), 'none') AS hanging_ids
FROM jobs
