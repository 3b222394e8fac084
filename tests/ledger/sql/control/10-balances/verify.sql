-- verify: complete
SELECT COUNT(*) AS accounts, SUM(balance) - (SELECT SUM(amount) FROM `${project}.${dataset}.postings`) AS difference
FROM `${project}.${dataset}.control_totals`
