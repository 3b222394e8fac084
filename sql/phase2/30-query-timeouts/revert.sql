DROP TABLE IF EXISTS `${project}.${dataset}.query_performance_log`;
DROP TABLE IF EXISTS `${project}.${dataset}.query_timeout_config`;
