-- SPDX-License-Identifier: GPL-3.0-or-later
-- A table that was there before the deployment is somebody else's, and stays: it loses only the limits that were added,
-- unless they have been changed since.
IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLE_OPTIONS`
  WHERE table_name = 'query_performance_log' AND option_name = 'labels'
    AND STRPOS(option_value, '"made_by", "eros_deploy"') > 0
) THEN
  DROP TABLE `${project}.${dataset}.query_performance_log`;
END IF;
IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES` WHERE table_name = 'query_timeout_config'
) AND NOT EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLE_OPTIONS`
  WHERE table_name = 'query_timeout_config' AND option_name = 'labels'
    AND STRPOS(option_value, '"made_by", "eros_deploy"') > 0
) THEN
  DELETE FROM `${project}.${dataset}.query_timeout_config`
  WHERE (query_type, timeout_seconds, max_retries, description) IN (
    ('default', 60, 3, 'Whatever has no limit of its own'),
    ('caption_selection', 30, 3, 'Selecting a caption for an account'),
    ('wilson_score', 45, 3, 'Recomputing Wilson scores'),
    ('reporting', 120, 2, 'Reports and dashboards'),
    ('batch_update', 300, 1, 'The feedback loop'),
    ('backup', 600, 1, 'Snapshots and exports')
  );
END IF;
IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLE_OPTIONS`
  WHERE table_name = 'query_timeout_config' AND option_name = 'labels'
    AND STRPOS(option_value, '"made_by", "eros_deploy"') > 0
) THEN
  DROP TABLE `${project}.${dataset}.query_timeout_config`;
END IF;
