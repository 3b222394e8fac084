-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the loop has counted stays: these are observations, not the deployment's doing.
DROP VIEW IF EXISTS `${project}.${dataset}.top_performing_captions`;
DROP VIEW IF EXISTS `${project}.${dataset}.caption_stats_summary`;
DROP PROCEDURE IF EXISTS `${project}.${dataset}.incremental_caption_update`;
DROP PROCEDURE IF EXISTS `${project}.${dataset}.update_caption_stats_batch`;
