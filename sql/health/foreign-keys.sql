-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keys that are missing, or there twice, and references that lead nowhere.
WITH findings AS (
  SELECT COUNT(*) AS n_rows, [
    STRUCT('caption_bank.caption_id is missing' AS rule, COUNTIF(caption_id IS NULL) AS broken, 0 AS twice),
    STRUCT('caption_bank: a caption is there twice', 0, COUNT(caption_id) - COUNT(DISTINCT caption_id))] AS rules
  FROM `${project}.${dataset}.caption_bank`
  UNION ALL
  SELECT COUNT(*), [
    STRUCT('caption_bandit_stats.caption_id is missing' AS rule, COUNTIF(caption_id IS NULL) AS broken, 0 AS twice),
    STRUCT('caption_bandit_stats: a caption is there twice', 0, COUNT(caption_id) - COUNT(DISTINCT caption_id))]
  FROM `${project}.${dataset}.caption_bandit_stats`
  UNION ALL
  SELECT COUNT(*), [
    STRUCT('active_caption_assignments.caption_id is missing' AS rule, COUNTIF(caption_id IS NULL) AS broken, 0 AS twice),
    STRUCT('active_caption_assignments.account_id is missing', COUNTIF(TRIM(IFNULL(account_id, '')) = ''), 0),
    STRUCT('active_caption_assignments.schedule_id is missing', COUNTIF(TRIM(IFNULL(schedule_id, '')) = ''), 0),
    STRUCT('active_caption_assignments: a caption is held twice', 0,
      COUNT(IF(expires_at IS NULL OR expires_at > CURRENT_TIMESTAMP(), caption_id, NULL))
        - COUNT(DISTINCT IF(expires_at IS NULL OR expires_at > CURRENT_TIMESTAMP(), caption_id, NULL)))]
  FROM `${project}.${dataset}.active_caption_assignments`
  UNION ALL
  SELECT COUNT(*), [
    STRUCT('caption_performance_log.caption_id is missing' AS rule, COUNTIF(log.caption_id IS NULL) AS broken, 0 AS twice),
    STRUCT('caption_performance_log: no such caption', COUNTIF(log.caption_id IS NOT NULL AND bank.caption_id IS NULL), 0),
    STRUCT('caption_performance_log.account_id is missing', COUNTIF(TRIM(IFNULL(log.account_id, '')) = ''), 0)]
  FROM `${project}.${dataset}.caption_performance_log` AS log
  LEFT JOIN (SELECT DISTINCT caption_id FROM `${project}.${dataset}.caption_bank`) AS bank ON bank.caption_id = log.caption_id
  UNION ALL
  -- Nothing lists the accounts: who holds a caption, or was seen on several days, is one. Where that is so of nearly all
  -- rows (1,999 in 2,000), the others are of accounts that nobody knows, but for those that were counted before; where it
  -- is not, it does not tell who is one.
  SELECT 0, [
    STRUCT('caption_performance_log: nobody knows the account' AS rule,
      IF(COUNTIF(NOT known) * 2000 <= COUNT(*), COUNTIF(NOT known AND NOT counted), 0) AS broken, 0 AS twice)]
  FROM (
    SELECT
      log.account_id IN (
        SELECT account_id FROM `${project}.${dataset}.active_caption_assignments` WHERE account_id IS NOT NULL)
      OR TIMESTAMP_DIFF(MAX(log.observed_at) OVER (PARTITION BY log.account_id),
        MIN(log.observed_at) OVER (PARTITION BY log.account_id), HOUR) >= 24 AS known,
      IFNULL(LOGICAL_OR(log.processed) OVER (PARTITION BY log.account_id), FALSE) AS counted
    FROM `${project}.${dataset}.caption_performance_log` AS log
    WHERE TRIM(IFNULL(log.account_id, '')) != ''
  )
)
SELECT
  (SELECT SUM(n_rows) FROM findings) AS checked_rows,
  IFNULL(SUM(one.broken), 0) AS broken_references,
  IFNULL(SUM(one.twice), 0) AS duplicate_keys,
  IFNULL(CONCAT(': ', STRING_AGG(IF(one.broken + one.twice > 0, CONCAT(one.rule, ' (', CAST(one.broken + one.twice AS STRING), ')'), NULL),
    '; ' ORDER BY one.rule)), '') AS found
FROM findings
CROSS JOIN UNNEST(rules) AS one
