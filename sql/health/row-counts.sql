-- SPDX-License-Identifier: GPL-3.0-or-later
-- How much there is in the critical tables, and whether keys that should be unique are.
SELECT
  bank.row_count AS caption_bank_rows,
  bank.unique_captions AS caption_bank_unique_captions,
  stats.row_count AS caption_bandit_stats_rows,
  stats.unique_captions AS caption_bandit_stats_unique_captions,
  assignments.row_count AS active_caption_assignments_rows,
  assignments.unique_accounts AS active_caption_assignments_unique_accounts
FROM (
  SELECT COUNT(*) AS row_count, COUNT(DISTINCT caption_id) AS unique_captions
  FROM `${project}.${dataset}.caption_bank`
) AS bank
CROSS JOIN (
  SELECT COUNT(*) AS row_count, COUNT(DISTINCT caption_id) AS unique_captions
  FROM `${project}.${dataset}.caption_bandit_stats`
) AS stats
CROSS JOIN (
  SELECT COUNT(*) AS row_count, COUNT(DISTINCT account_id) AS unique_accounts
  FROM `${project}.${dataset}.active_caption_assignments`
) AS assignments
