SELECT account, SUM(amount) AS balance FROM `${project}.${dataset}.postings` GROUP BY account
