DROP VIEW IF EXISTS `${project}.${dataset}.trial_balance`;
