-- SPDX-License-Identifier: GPL-3.0-or-later
DROP PROCEDURE IF EXISTS `${project}.${dataset}.select_caption_for_account`;
DROP FUNCTION IF EXISTS `${project}.${dataset}.exploration_rate`;
DROP FUNCTION IF EXISTS `${project}.${dataset}.classify_account_size`;
DROP TABLE IF EXISTS `${project}.${dataset}.account_metrics`;
