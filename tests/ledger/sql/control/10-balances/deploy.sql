CREATE TABLE IF NOT EXISTS `${project}.${dataset}.control_totals` AS
SELECT account, SUM(amount) AS balance FROM `${project}.${dataset}.postings` GROUP BY account;
