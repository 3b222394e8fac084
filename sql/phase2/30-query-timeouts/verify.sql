-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: limits
-- Most have 60 seconds or less; what reads much or writes much has the longer time that it was given, or a shorter one.
SELECT
  COUNT(config.query_type) AS kinds,
  COUNTIF(config.query_type IS NULL) AS missing,
  COUNT(config.query_type) - COUNT(DISTINCT config.query_type) AS twice,
  MAX(IF(config.query_type = 'default', config.timeout_seconds, NULL)) AS default_seconds,
  COUNTIF(config.timeout_seconds > wanted.most) AS too_long,
  COUNTIF(config.max_retries NOT BETWEEN 0 AND 10) AS endless
FROM UNNEST([
  STRUCT('default' AS kind, 60 AS most),
  STRUCT('caption_selection', 60),
  STRUCT('wilson_score', 60),
  STRUCT('reporting', 120),
  STRUCT('batch_update', 300),
  STRUCT('backup', 600)
]) AS wanted
LEFT JOIN `${project}.${dataset}.query_timeout_config` AS config
  ON config.query_type = wanted.kind AND config.timeout_seconds >= 1;

-- verify: log
SELECT COUNT(*) AS columns
FROM `${project}.${dataset}.INFORMATION_SCHEMA.COLUMNS`
WHERE table_name = 'query_performance_log'
  AND CONCAT(column_name, ' ', data_type) IN (
    'query_id STRING', 'query_type STRING', 'start_time TIMESTAMP', 'end_time TIMESTAMP', 'duration_ms INT64',
    'bytes_processed INT64', 'bytes_billed INT64', 'slot_ms INT64', 'success BOOL', 'error_message STRING');
