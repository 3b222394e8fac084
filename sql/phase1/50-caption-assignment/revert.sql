-- SPDX-License-Identifier: GPL-3.0-or-later
-- What was assigned through it stays assigned.
DROP PROCEDURE IF EXISTS `${project}.${dataset}.assign_caption`;
