-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: objects
SELECT
  (
    SELECT COUNT(*) FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`
    WHERE routine_name IN ('update_caption_stats_batch', 'incremental_caption_update')
  ) AS routines,
  (SELECT captions FROM `${project}.${dataset}.caption_stats_summary`) AS captions,
  (
    SELECT COUNTIF(score > previous)
    FROM (
      SELECT wilson_score_lower_bound AS score, LAG(wilson_score_lower_bound) OVER (ORDER BY `rank`) AS previous
      FROM `${project}.${dataset}.top_performing_captions`
    )
  ) AS unordered;

-- verify: nothing-twice
-- A caption that cannot exist, counted and taken out again inside a transaction that is rolled back.
BEGIN
  DECLARE v_views INT64 DEFAULT NULL;
  BEGIN TRANSACTION;
  CALL `${project}.${dataset}.incremental_caption_update`(-1, 10, 5);
  CALL `${project}.${dataset}.incremental_caption_update`(-1, 0, 0);
  SET v_views = (
    SELECT SUM(total_views) FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id = -1);
  ROLLBACK TRANSACTION;
  SELECT
    IF(v_views = 10, 0, 1)
      + (SELECT COUNT(*) FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id = -1) AS changed;
END;
