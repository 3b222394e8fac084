-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many of the jobs that are compared BigQuery has planned by what it had seen of earlier runs (history-based
-- optimization): of the measured runs, whose ids are in @runs_before and @runs_after with blanks between, or of their
-- statements; and of the data set's own queries from @begun to @until and since @since.
WITH jobs AS (
  SELECT
    creation_time,
    job_id IN UNNEST(SPLIT(@runs_before, ' ')) OR parent_job_id IN UNNEST(SPLIT(@runs_before, ' ')) AS is_run_before,
    job_id IN UNNEST(SPLIT(@runs_after, ' ')) OR parent_job_id IN UNNEST(SPLIT(@runs_after, ' ')) AS is_run_after,
    NOT EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
      AND EXISTS (SELECT 1 FROM UNNEST(referenced_tables) AS referenced WHERE referenced.dataset_id = '${dataset}')
      AS is_workload
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= @begun
    AND job_type = 'QUERY'
    AND IFNULL(ARRAY_LENGTH(JSON_QUERY_ARRAY(query_info.optimization_details, '$.optimizations')) > 0, FALSE)
)
SELECT
  COUNTIF(is_run_before) AS runs_before,
  COUNTIF(is_run_after) AS runs_after,
  COUNTIF(is_workload AND creation_time < @until) AS workload_before,
  COUNTIF(is_workload AND creation_time >= @since) AS workload_after
FROM jobs
