-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: range
SELECT
  COUNT(*) AS `rows`,
  COUNTIF(wilson_score_lower_bound IS NULL OR NOT wilson_score_lower_bound BETWEEN 0 AND 1) AS outside,
  COUNTIF(wilson_score_lower_bound
    IS DISTINCT FROM `${project}.${dataset}.wilson_score_lower_bound`(engagement_count, total_views)) AS differing
FROM `${project}.${dataset}.caption_bandit_stats`;

-- verify: formula
SELECT
  COUNT(*) AS cases,
  COUNTIF(NOT IFNULL(
    ABS(`${project}.${dataset}.wilson_score_lower_bound`(engagements, views) - expected) <= 1e-12, FALSE)) AS wrong
FROM UNNEST([
  STRUCT(0 AS engagements, 100 AS views, 0.0 AS expected),
  STRUCT(0, 0, 0.0),
  STRUCT(9, 9, 0.0),
  STRUCT(10, 10, 0.72245983123343882),
  STRUCT(1, 10, 0.017875749515721148),
  STRUCT(5, 10, 0.23658959361548727),
  STRUCT(50, 100, 0.40382982859014715),
  STRUCT(99, 100, 0.94551247523906539),
  STRUCT(100, 100, 0.96300519252398040),
  STRUCT(1, 1000000, 1.7652003609355771e-07),
  STRUCT(-1, 100, 0.0),
  STRUCT(101, 100, 0.0),
  STRUCT(CAST(NULL AS INT64), 100, 0.0),
  STRUCT(5, CAST(NULL AS INT64), 0.0)
]);

-- verify: view
-- A row for each row of the statistics, with its own numbers, and the tier that its score has. So that each tier is there,
-- captions that cannot exist are added, in a transaction that is rolled back.
BEGIN
  DECLARE v_rows, v_surplus, v_wrong INT64 DEFAULT NULL;
  DECLARE v_tiers STRING DEFAULT NULL;
  BEGIN TRANSACTION;
  INSERT INTO `${project}.${dataset}.caption_bandit_stats`
    (caption_id, total_views, engagement_count, wilson_score_lower_bound, last_updated)
  SELECT id, views, engagements, `${project}.${dataset}.wilson_score_lower_bound`(engagements, views), CURRENT_TIMESTAMP()
  FROM UNNEST([
    STRUCT(-1 AS id, 49 AS engagements, 100 AS views), STRUCT(-2, 50, 100), STRUCT(-3, 78, 100), STRUCT(-4, 79, 100), STRUCT(-5, 9, 9)]);
  SET (v_rows, v_surplus, v_wrong, v_tiers) = (
    SELECT AS STRUCT
      COUNT(*),
      COUNT(*) - (SELECT COUNT(*) FROM `${project}.${dataset}.caption_bandit_stats`),
      COUNTIF(
        corrected_score IS DISTINCT FROM `${project}.${dataset}.wilson_score_lower_bound`(engagement_count, total_views)
        OR stored_score IS DISTINCT FROM corrected_score
        OR engagement_rate IS DISTINCT FROM SAFE_DIVIDE(engagement_count, total_views)
        OR performance_tier IS DISTINCT FROM
          IF(corrected_score >= 0.7, 'high', IF(corrected_score >= 0.4, 'medium', 'low'))),
      STRING_AGG(IF(caption_id < 0, performance_tier, NULL), ' ' ORDER BY caption_id DESC)
    FROM `${project}.${dataset}.caption_scores_corrected`);
  ROLLBACK TRANSACTION;
  SELECT
    v_rows AS `rows`,
    v_surplus AS surplus,
    v_wrong AS wrong,
    IFNULL(v_tiers = 'low medium medium high low', FALSE) AS tiers_right;
END;
