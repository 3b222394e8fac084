-- verify: balance
SELECT COUNT(*) AS postings, SUM(amount) AS difference FROM `${project}.${dataset}.postings`
