CREATE TABLE IF NOT EXISTS `${project}.${dataset}.closed_periods` (period STRING);
DELETE FROM `${project}.${dataset}.closed_periods` WHERE period = '2025-10';
INSERT INTO `${project}.${dataset}.closed_periods` (period) VALUES ('2025-10');
