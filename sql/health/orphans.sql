-- SPDX-License-Identifier: GPL-3.0-or-later
-- Records that have lost what they belong to: their caption, its statistics, or the right to be held.
WITH findings AS (
  SELECT COUNT(*) AS n_rows, [
    STRUCT('caption_bandit_stats: no such caption' AS rule, COUNTIF(bank.caption_id IS NULL) AS n)] AS rules
  FROM `${project}.${dataset}.caption_bandit_stats` AS stats
  LEFT JOIN (SELECT DISTINCT caption_id FROM `${project}.${dataset}.caption_bank`) AS bank ON bank.caption_id = stats.caption_id
  UNION ALL
  SELECT COUNT(*), [
    STRUCT('active_caption_assignments: no such caption' AS rule, COUNTIF(bank.caption_id IS NULL) AS n),
    STRUCT('active_caption_assignments: an inactive caption is held',
      COUNTIF(NOT bank.is_active AND (held.expires_at IS NULL OR held.expires_at > CURRENT_TIMESTAMP())))]
  FROM `${project}.${dataset}.active_caption_assignments` AS held
  LEFT JOIN (
    SELECT caption_id, LOGICAL_OR(is_active) AS is_active FROM `${project}.${dataset}.caption_bank` GROUP BY caption_id
  ) AS bank ON bank.caption_id = held.caption_id
  UNION ALL
  SELECT COUNT(*), [
    STRUCT('caption_performance_log: no such caption' AS rule, COUNTIF(bank.caption_id IS NULL) AS n)]
  FROM `${project}.${dataset}.caption_performance_log` AS log
  LEFT JOIN (SELECT DISTINCT caption_id FROM `${project}.${dataset}.caption_bank`) AS bank ON bank.caption_id = log.caption_id
  UNION ALL
  -- A caption gets its statistics within a day, or when it is first counted.
  SELECT COUNT(*), [
    STRUCT('caption_bank: a caption without statistics' AS rule, COUNTIF(
      bank.caption_id IS NOT NULL AND stats.caption_id IS NULL AND (
        counted.caption_id IS NOT NULL
        OR bank.created_at IS NULL
        OR bank.created_at < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY))) AS n)]
  FROM `${project}.${dataset}.caption_bank` AS bank
  LEFT JOIN (SELECT DISTINCT caption_id FROM `${project}.${dataset}.caption_bandit_stats`) AS stats ON stats.caption_id = bank.caption_id
  LEFT JOIN (
    SELECT DISTINCT caption_id FROM `${project}.${dataset}.caption_performance_log` WHERE processed
  ) AS counted ON counted.caption_id = bank.caption_id
)
SELECT
  (SELECT SUM(n_rows) FROM findings) AS checked_rows,
  SUM(one.n) AS orphans,
  IFNULL(CONCAT(': ', STRING_AGG(IF(one.n > 0, CONCAT(one.rule, ' (', CAST(one.n AS STRING), ')'), NULL), '; ' ORDER BY one.rule)), '') AS found
FROM findings
CROSS JOIN UNNEST(rules) AS one
