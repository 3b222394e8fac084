-- SPDX-License-Identifier: GPL-3.0-or-later
DROP PROCEDURE IF EXISTS `${project}.${dataset}.select_caption_for_account`;
DROP FUNCTION IF EXISTS `${project}.${dataset}.exploration_rate`;
DROP FUNCTION IF EXISTS `${project}.${dataset}.classify_account_size`;
-- A table that was there before the deployment is somebody else's, and stays.
IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLE_OPTIONS`
  WHERE table_name = 'account_metrics' AND option_name = 'labels'
    AND STRPOS(option_value, '"made_by", "eros_deploy"') > 0
) THEN
  DROP TABLE `${project}.${dataset}.account_metrics`;
END IF;
