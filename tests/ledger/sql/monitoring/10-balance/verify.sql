-- verify: balance
SELECT
  COUNT(*) AS postings,
  COUNT(*) AS checked_rows,
  SUM(amount) AS difference,
  IF(SUM(amount) = 0, 0, 1) AS integrity_issues,
  COUNT(DISTINCT account) AS accounts_posted,
  (SELECT COUNT(*) FROM `${project}.${dataset}.accounts`) AS accounts
FROM `${project}.${dataset}.postings`
