-- SPDX-License-Identifier: GPL-3.0-or-later
-- Statistics that cannot be: counts that are missing or negative, more engagements than views, a bound outside 0..1 (NaN
-- is outside too). A bound that is missing is no corruption: nobody has scored the caption yet.
SELECT
  COUNT(*) AS checked_rows,
  COUNTIF(
    total_views IS NULL
    OR engagement_count IS NULL
    OR total_views < 0
    OR engagement_count < 0
    OR engagement_count > total_views
    OR wilson_score_lower_bound NOT BETWEEN 0 AND 1
  ) AS bad_rows
FROM `${project}.${dataset}.caption_bandit_stats`
