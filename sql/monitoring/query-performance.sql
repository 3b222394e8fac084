-- SPDX-License-Identifier: GPL-3.0-or-later
-- The data set's queries since @since beside those of the same hours of the days before, for load has a daily shape.
-- Compared are at most seven days. A query that failed before its tables were known (a table is missing, a name is
-- misspelt) has none, and no statement type either when it could not be read: it counts when its text names the data set.
WITH jobs AS (
  SELECT
    creation_time >= @since AS is_after,
    error_result IS NOT NULL AS failed,
    TIMESTAMP_DIFF(end_time, start_time, MILLISECOND) / 1000 AS seconds,
    IFNULL(total_bytes_billed, 0) AS bytes_billed,
    IFNULL(total_slot_ms, 0) AS slot_ms
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 7 DAY)
    AND job_type = 'QUERY'
    AND statement_type IS DISTINCT FROM 'SCRIPT'
    AND NOT EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
    AND state = 'DONE'
    AND cache_hit IS NOT TRUE
    -- What failed of this program's own work is in its own record, and says nothing of those who use the data set.
    AND NOT (error_result IS NOT NULL
      AND EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment'))
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
        >= 86400 - LEAST(86400, TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND))
    )
)
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
