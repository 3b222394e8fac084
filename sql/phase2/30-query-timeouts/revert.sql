-- SPDX-License-Identifier: GPL-3.0-or-later
DROP TABLE IF EXISTS `${project}.${dataset}.query_performance_log`;
DROP TABLE IF EXISTS `${project}.${dataset}.query_timeout_config`;
