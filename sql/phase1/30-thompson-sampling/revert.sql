-- SPDX-License-Identifier: GPL-3.0-or-later
DROP PROCEDURE IF EXISTS `${project}.${dataset}.select_caption_thompson_sampling`;
DROP FUNCTION IF EXISTS `${project}.${dataset}.gamma_candidate`;
