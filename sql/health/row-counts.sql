-- SPDX-License-Identifier: GPL-3.0-or-later
-- How much there is in the critical tables, beside what somebody expects, or else the last backup before this deployment,
-- and beside the newest backup. What somebody has typed in is met to the row, up to one in a hundred for rows that are added
-- all the time, and one in ten for assignments, which come and go. A table may have lost 30 in 100 rows since a backup for
-- assignments, 5 for the others, or have doubled, and assignments trebled.
WITH live AS (
  SELECT 'caption_bank' AS table_name, COUNT(*) AS row_count, COUNT(DISTINCT caption_id) AS n_unique,
    @expected_caption_bank AS expected, 0.0 AS fewer, 0.01 AS more, 0.05 AS lost, 1.0 AS grown
  FROM `${project}.${dataset}.caption_bank`
  UNION ALL
  SELECT 'caption_bandit_stats', COUNT(*), COUNT(DISTINCT caption_id), @expected_caption_bandit_stats, 0.0, 0.01, 0.05, 1.0
  FROM `${project}.${dataset}.caption_bandit_stats`
  UNION ALL
  SELECT 'active_caption_assignments', COUNT(*), COUNT(DISTINCT account_id), @expected_active_caption_assignments, 0.1, 0.1, 0.3, 2.0
  FROM `${project}.${dataset}.active_caption_assignments`
),
backups AS (
  SELECT REGEXP_REPLACE(table_id, r'_backup_[0-9]{8}_[0-9]{6}$', '') AS table_name, row_count,
    PARSE_TIMESTAMP('%Y%m%d_%H%M%S', REGEXP_EXTRACT(table_id, r'_backup_([0-9]{8}_[0-9]{6})$')) AS taken
  FROM `${project}.${dataset}.__TABLES__`
  WHERE REGEXP_CONTAINS(table_id, r'_backup_[0-9]{8}_[0-9]{6}$')
),
-- NULL: there is none. A backup's name tells the second, and one of the very second in which the deployment was made is its own.
beside AS (
  SELECT
    live.table_name, live.row_count, live.n_unique, live.expected, live.fewer, live.more, live.lost, live.grown,
    ARRAY_AGG(IF(backups.taken < TIMESTAMP_TRUNC(@deployment_created, SECOND), backups.row_count, NULL) IGNORE NULLS
      ORDER BY backups.taken DESC LIMIT 1)[SAFE_OFFSET(0)] AS previous,
    ARRAY_AGG(backups.row_count IGNORE NULLS ORDER BY backups.taken DESC LIMIT 1)[SAFE_OFFSET(0)] AS newest
  FROM live
  LEFT JOIN backups ON backups.table_name = live.table_name
  GROUP BY live.table_name, live.row_count, live.n_unique, live.expected, live.fewer, live.more, live.lost, live.grown
),
judged AS (
  SELECT
    *,
    row_count = 0
      OR IFNULL(row_count NOT BETWEEN expected * (1 - fewer) AND expected * (1 + more), FALSE)
      OR IFNULL(expected IS NULL AND row_count NOT BETWEEN previous * (1 - lost) AND previous * (1 + grown), FALSE)
      OR IFNULL(row_count NOT BETWEEN newest * (1 - lost) AND newest * (1 + grown), FALSE) AS differs
  FROM beside
)
SELECT
  MAX(IF(table_name = 'caption_bank', row_count, NULL)) AS caption_bank_rows,
  MAX(IF(table_name = 'caption_bank', n_unique, NULL)) AS caption_bank_unique_captions,
  MAX(IF(table_name = 'caption_bandit_stats', row_count, NULL)) AS caption_bandit_stats_rows,
  MAX(IF(table_name = 'caption_bandit_stats', n_unique, NULL)) AS caption_bandit_stats_unique_captions,
  MAX(IF(table_name = 'active_caption_assignments', row_count, NULL)) AS active_caption_assignments_rows,
  MAX(IF(table_name = 'active_caption_assignments', n_unique, NULL)) AS active_caption_assignments_unique_accounts,
  COUNTIF(differs) AS differing_tables,
  -- What is wrong without anything to compare with is wrong.
  IF(LOGICAL_OR(differs), 0, COUNTIF(expected IS NULL AND previous IS NULL)) AS tables_not_compared,
  STRING_AGG(CONCAT(table_name, ' ', CAST(row_count AS STRING), CASE
    WHEN expected IS NOT NULL THEN CONCAT(' (expected ', CAST(expected AS STRING), ')')
    WHEN previous IS NOT NULL THEN CONCAT(' (last backup before ', CAST(previous AS STRING), ')')
    ELSE ' (not compared)' END,
    IF(IFNULL(row_count NOT BETWEEN newest * (1 - lost) AND newest * (1 + grown), FALSE),
      CONCAT(' (newest backup ', CAST(newest AS STRING), ')'), '')), ', ' ORDER BY table_name) AS found
FROM judged
