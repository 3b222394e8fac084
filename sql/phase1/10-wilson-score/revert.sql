-- SPDX-License-Identifier: GPL-3.0-or-later
-- Only the score goes back: counts that were observed since stay. A caption that came later keeps its score.
IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`
  WHERE table_name = 'caption_bandit_stats_before_wilson'
) THEN
  UPDATE `${project}.${dataset}.caption_bandit_stats` AS stats
  SET wilson_score_lower_bound = saved.score
  FROM (
    SELECT caption_id, MIN(wilson_score_lower_bound) AS score
    FROM `${project}.${dataset}.caption_bandit_stats_before_wilson`
    GROUP BY caption_id
  ) AS saved
  WHERE stats.caption_id = saved.caption_id
    AND stats.wilson_score_lower_bound IS DISTINCT FROM saved.score;
  -- Where a caption is missing or there twice, each row whose counts have not moved gets its own score back.
  UPDATE `${project}.${dataset}.caption_bandit_stats` AS stats
  SET wilson_score_lower_bound = saved.score
  FROM (
    SELECT
      TO_JSON_STRING(STRUCT(caption_id, total_views, engagement_count, last_updated)) AS row_key,
      MIN(wilson_score_lower_bound) AS score
    FROM `${project}.${dataset}.caption_bandit_stats_before_wilson`
    WHERE caption_id IS NULL OR caption_id IN (
      SELECT caption_id FROM `${project}.${dataset}.caption_bandit_stats_before_wilson`
      GROUP BY caption_id
      HAVING COUNT(*) > 1
    )
    GROUP BY row_key
  ) AS saved
  WHERE saved.row_key = TO_JSON_STRING(
      STRUCT(stats.caption_id, stats.total_views, stats.engagement_count, stats.last_updated))
    AND stats.wilson_score_lower_bound IS DISTINCT FROM saved.score;
  DROP SNAPSHOT TABLE IF EXISTS `${project}.${dataset}.caption_bandit_stats_before_wilson`;
END IF;
DROP VIEW IF EXISTS `${project}.${dataset}.caption_scores_corrected`;
DROP FUNCTION IF EXISTS `${project}.${dataset}.wilson_score_lower_bound`;
