-- SPDX-License-Identifier: GPL-3.0-or-later
DROP PROCEDURE IF EXISTS `${project}.${dataset}.select_caption_safe`;
DROP FUNCTION IF EXISTS `${project}.${dataset}.validate_input`;
