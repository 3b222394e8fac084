-- SPDX-License-Identifier: GPL-3.0-or-later
-- The lower bound of the Wilson score interval (Wilson 1927) at z = 1.96, in the form without cancellation: the
-- product of the interval's two ends is p² / (1 + z²/n), so that the lower one is p² over a sum; here numerator and sum
-- are multiplied by n, with z²/2 = 1.9208 and z²/4 = 0.9604.
-- Fewer than 10 views say too little: 0. Counts that are missing or cannot be counts give 0 as well.
CREATE OR REPLACE FUNCTION `${project}.${dataset}.wilson_score_lower_bound`(engagements INT64, views INT64)
RETURNS FLOAT64
AS (
  CASE
    WHEN views IS NULL OR engagements IS NULL OR views < 10 OR engagements <= 0 OR engagements > views THEN 0.0
    WHEN engagements = views THEN views / (views + 3.8416)
    ELSE engagements / views * engagements
      / (engagements + 1.9208 + 1.96 * SQRT(engagements / views * (views - engagements) + 0.9604))
  END
);

-- What the scores were, for the way back. The first deployment's snapshot stays when this runs again.
CREATE SNAPSHOT TABLE IF NOT EXISTS `${project}.${dataset}.caption_bandit_stats_before_wilson`
CLONE `${project}.${dataset}.caption_bandit_stats`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 90 DAY));

CREATE OR REPLACE VIEW `${project}.${dataset}.caption_scores_corrected`
OPTIONS (description = 'Every caption with its counts, its corrected Wilson bound and its performance tier')
AS
SELECT
  caption_id,
  total_views,
  engagement_count,
  SAFE_DIVIDE(engagement_count, total_views) AS engagement_rate,
  wilson_score_lower_bound AS stored_score,
  corrected_score,
  CASE
    WHEN corrected_score >= 0.7 THEN 'high'
    WHEN corrected_score >= 0.4 THEN 'medium'
    ELSE 'low'
  END AS performance_tier,
  last_updated
FROM (
  SELECT
    caption_id, total_views, engagement_count, wilson_score_lower_bound, last_updated,
    `${project}.${dataset}.wilson_score_lower_bound`(engagement_count, total_views) AS corrected_score
  FROM `${project}.${dataset}.caption_bandit_stats`
);

-- last_updated stays: it says when a caption was last observed, and that is not now.
UPDATE `${project}.${dataset}.caption_bandit_stats`
SET wilson_score_lower_bound = `${project}.${dataset}.wilson_score_lower_bound`(engagement_count, total_views)
WHERE wilson_score_lower_bound
  IS DISTINCT FROM `${project}.${dataset}.wilson_score_lower_bound`(engagement_count, total_views);
