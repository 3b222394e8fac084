-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: limits
SELECT
  COUNT(config.query_type) AS kinds,
  COUNTIF(config.query_type IS NULL) AS missing,
  COUNT(config.query_type) - COUNT(DISTINCT config.query_type) AS twice,
  MAX(IF(config.query_type = 'default', config.timeout_seconds, NULL)) AS default_seconds
FROM UNNEST(['default', 'caption_selection', 'wilson_score', 'reporting', 'batch_update', 'backup']) AS kind
LEFT JOIN `${project}.${dataset}.query_timeout_config` AS config
  ON config.query_type = kind AND config.timeout_seconds BETWEEN 1 AND 600;

-- verify: log
SELECT COUNT(*) AS columns
FROM `${project}.${dataset}.INFORMATION_SCHEMA.COLUMNS`
WHERE table_name = 'query_performance_log';
