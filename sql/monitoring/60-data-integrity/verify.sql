-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rows that cannot be, over the tables that the deployment changes: every one is an integrity issue.
-- verify: data-integrity
WITH found AS (
  SELECT
    (SELECT COUNT(*) FROM `${project}.${dataset}.caption_bandit_stats`)
      + (SELECT COUNT(*) FROM `${project}.${dataset}.active_caption_assignments`) AS checked_rows,
    (
      SELECT COUNTIF(
        total_views IS NULL OR engagement_count IS NULL
        OR total_views < 0 OR engagement_count < 0 OR engagement_count > total_views
        OR wilson_score_lower_bound NOT BETWEEN 0 AND 1)
      FROM `${project}.${dataset}.caption_bandit_stats`
    ) AS impossible_statistics,
    (
      SELECT COUNT(caption_id) - COUNT(DISTINCT caption_id) FROM `${project}.${dataset}.caption_bandit_stats`
    ) AS duplicate_statistics,
    (
      SELECT COUNT(*)
      FROM `${project}.${dataset}.active_caption_assignments` AS assignments
      WHERE NOT EXISTS (
        SELECT 1 FROM `${project}.${dataset}.caption_bank` AS bank WHERE bank.caption_id = assignments.caption_id
      )
    ) AS orphaned_assignments
)
SELECT
  *,
  impossible_statistics + duplicate_statistics AS corrupted_rows,
  impossible_statistics + duplicate_statistics + orphaned_assignments AS integrity_issues
FROM found
