-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many of the views that captions were given led to an engagement, in percent.
SELECT
  COALESCE(SUM(total_views), 0) AS views,
  COALESCE(SUM(engagement_count), 0) AS engagements,
  ROUND(100 * SAFE_DIVIDE(SUM(engagement_count), SUM(total_views)), 2) AS effectiveness
FROM `${project}.${dataset}.caption_bandit_stats`
