-- verify: closed
SELECT COUNT(*) AS closed FROM `${project}.${dataset}.closed_periods` WHERE period = '2025-10'
