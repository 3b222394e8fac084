-- SPDX-License-Identifier: GPL-3.0-or-later
DROP PROCEDURE IF EXISTS `${project}.${dataset}.cleanup_expired_locks`;
DROP PROCEDURE IF EXISTS `${project}.${dataset}.release_caption_lock`;
DROP PROCEDURE IF EXISTS `${project}.${dataset}.acquire_caption_lock`;
DROP TABLE IF EXISTS `${project}.${dataset}.caption_locks`;
