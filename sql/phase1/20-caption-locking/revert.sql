-- SPDX-License-Identifier: GPL-3.0-or-later
DROP PROCEDURE IF EXISTS `${project}.${dataset}.cleanup_expired_locks`;
DROP PROCEDURE IF EXISTS `${project}.${dataset}.release_caption_lock`;
DROP PROCEDURE IF EXISTS `${project}.${dataset}.acquire_caption_lock`;
-- A table that was there before the deployment is somebody else's, and stays.
IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLE_OPTIONS`
  WHERE table_name = 'caption_locks' AND option_name = 'labels'
    AND STRPOS(option_value, '"made_by", "eros_deploy"') > 0
) THEN
  DROP TABLE `${project}.${dataset}.caption_locks`;
END IF;
