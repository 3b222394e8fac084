-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keys that point nowhere (missing, or a log row's caption that does not exist), and captions that are there twice.
SELECT
  (SELECT COUNT(*) FROM `${project}.${dataset}.caption_bank`)
    + (SELECT COUNT(*) FROM `${project}.${dataset}.caption_bandit_stats`)
    + (SELECT COUNT(*) FROM `${project}.${dataset}.active_caption_assignments`) AS checked_rows,
  (
    SELECT COUNT(*) FROM `${project}.${dataset}.caption_bank` WHERE caption_id IS NULL
  ) + (
    SELECT COUNT(*) FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id IS NULL
  ) + (
    SELECT COUNT(*)
    FROM `${project}.${dataset}.active_caption_assignments`
    WHERE caption_id IS NULL OR account_id IS NULL
  ) + (
    SELECT COUNT(*)
    FROM `${project}.${dataset}.caption_performance_log` AS log
    WHERE NOT EXISTS (
      SELECT 1 FROM `${project}.${dataset}.caption_bank` AS bank WHERE bank.caption_id = log.caption_id
    )
  ) AS broken_references,
  (
    SELECT COUNT(caption_id) - COUNT(DISTINCT caption_id) FROM `${project}.${dataset}.caption_bank`
  ) + (
    SELECT COUNT(caption_id) - COUNT(DISTINCT caption_id) FROM `${project}.${dataset}.caption_bandit_stats`
  ) AS duplicate_keys
