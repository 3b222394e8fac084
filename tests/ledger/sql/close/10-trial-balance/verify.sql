-- verify: zero
SELECT SUM(balance) AS difference FROM `${project}.${dataset}.trial_balance`
