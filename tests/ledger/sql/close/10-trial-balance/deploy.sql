CREATE OR REPLACE VIEW `${project}.${dataset}.trial_balance` AS
SELECT account, SUM(amount) AS balance FROM `${project}.${dataset}.postings` GROUP BY account;
