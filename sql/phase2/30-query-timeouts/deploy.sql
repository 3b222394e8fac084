-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE IF NOT EXISTS `${project}.${dataset}.query_timeout_config` (
  query_type STRING NOT NULL,
  timeout_seconds INT64 NOT NULL,
  max_retries INT64 NOT NULL,
  description STRING,
  last_updated TIMESTAMP
)
OPTIONS (
  description = 'How long a query of each type may run; whoever sends a job sets its timeout from here',
  labels = [('made_by', 'eros_deploy')]
);

CREATE TABLE IF NOT EXISTS `${project}.${dataset}.query_performance_log` (
  query_id STRING,
  query_type STRING,
  start_time TIMESTAMP,
  end_time TIMESTAMP,
  duration_ms INT64,
  bytes_processed INT64,
  bytes_billed INT64,
  slot_ms INT64,
  success BOOL,
  error_message STRING
)
PARTITION BY DATE(start_time)
OPTIONS (description = 'What queries took', labels = [('made_by', 'eros_deploy')]);

-- A limit that somebody has changed since is theirs, and stays.
MERGE `${project}.${dataset}.query_timeout_config` AS config
USING (
  SELECT * FROM UNNEST([
    STRUCT('default' AS query_type, 60 AS timeout_seconds, 3 AS max_retries, 'Whatever has no limit of its own' AS description),
    STRUCT('caption_selection', 30, 3, 'Selecting a caption for an account'),
    STRUCT('wilson_score', 45, 3, 'Recomputing Wilson scores'),
    STRUCT('reporting', 120, 2, 'Reports and dashboards'),
    STRUCT('batch_update', 300, 1, 'The feedback loop'),
    STRUCT('backup', 600, 1, 'Snapshots and exports')
  ])
) AS wanted
ON config.query_type = wanted.query_type
WHEN NOT MATCHED THEN
  INSERT (query_type, timeout_seconds, max_retries, description, last_updated)
  VALUES (wanted.query_type, wanted.timeout_seconds, wanted.max_retries, wanted.description, CURRENT_TIMESTAMP());
