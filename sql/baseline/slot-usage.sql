-- SPDX-License-Identifier: GPL-3.0-or-later
-- Slots that a query kept busy while it ran, on average over the project's queries of the last 24 hours.
SELECT
  COUNT(*) AS jobs,
  ROUND(SAFE_DIVIDE(SUM(total_slot_ms), SUM(TIMESTAMP_DIFF(end_time, start_time, MILLISECOND))), 3) AS average_slots
FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
WHERE creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)
  AND job_type = 'QUERY'
  AND statement_type IS DISTINCT FROM 'SCRIPT'
  AND NOT EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
  AND state = 'DONE'
  AND cache_hit IS NOT TRUE
