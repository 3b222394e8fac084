DROP TABLE IF EXISTS `${project}.${dataset}.control_totals`;
