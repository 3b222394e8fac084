-- verify: periods
SELECT COUNT(*) AS closed, CAST(@since AS STRING) AS since FROM `${project}.${dataset}.closed_periods`
