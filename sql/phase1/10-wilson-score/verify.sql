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
  STRUCT(9, 9, 0.0),
  STRUCT(10, 10, 0.72245983123343882),
  STRUCT(5, 10, 0.23658959361548727),
  STRUCT(50, 100, 0.40382982859014715),
  STRUCT(100, 100, 0.96300519252398040),
  STRUCT(1, 1000000, 1.7652003609355771e-07),
  STRUCT(-1, 100, 0.0),
  STRUCT(101, 100, 0.0),
  STRUCT(CAST(NULL AS INT64), 100, 0.0),
  STRUCT(5, CAST(NULL AS INT64), 0.0)
]);
