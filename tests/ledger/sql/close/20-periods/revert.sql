DROP TABLE IF EXISTS `${project}.${dataset}.closed_periods`;
