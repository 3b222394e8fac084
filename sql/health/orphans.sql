-- SPDX-License-Identifier: GPL-3.0-or-later
-- Statistics and assignments whose caption is not in the repository, and of how many.
SELECT
  (SELECT COUNT(*) FROM `${project}.${dataset}.caption_bandit_stats`)
    + (SELECT COUNT(*) FROM `${project}.${dataset}.active_caption_assignments`) AS checked_rows,
  (
    SELECT COUNT(*)
    FROM `${project}.${dataset}.caption_bandit_stats` AS stats
    WHERE NOT EXISTS (
      SELECT 1 FROM `${project}.${dataset}.caption_bank` AS bank WHERE bank.caption_id = stats.caption_id
    )
  ) AS orphaned_statistics,
  (
    SELECT COUNT(*)
    FROM `${project}.${dataset}.active_caption_assignments` AS assignments
    WHERE NOT EXISTS (
      SELECT 1 FROM `${project}.${dataset}.caption_bank` AS bank WHERE bank.caption_id = assignments.caption_id
    )
  ) AS orphaned_assignments
