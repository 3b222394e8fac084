-- verify: balanced
SELECT COUNT(*) AS accruals, SUM(amount) AS difference FROM `${project}.${dataset}.postings` WHERE text = 'accrual'
