-- SPDX-License-Identifier: GPL-3.0-or-later
-- What captions earned since @since beside the same span before it. The expected monetary value (EMV) of a view is what its
-- engagement is worth, on average over all views; @worths has a line “price tier, tab, worth” for each tier whose engagement
-- is not worth 1. emv_log_variance is the variance of the logarithm of the ratio of both means (delta method).
-- verify: caption-performance
WITH worths AS (
  SELECT SPLIT(line, '\t')[OFFSET(0)] AS price_tier, CAST(SPLIT(line, '\t')[OFFSET(1)] AS FLOAT64) AS worth
  FROM UNNEST(SPLIT(@worths, '\n')) AS line
  WHERE line <> ''
), tiers AS (
  SELECT caption_id, MIN(price_tier) AS price_tier
  FROM `${project}.${dataset}.caption_bank`
  GROUP BY caption_id
), views AS (
  SELECT
    log.observed_at >= @since AS is_after,
    IFNULL(log.engaged, FALSE) AS engaged,
    IF(log.engaged, IFNULL(worths.worth, 1.0), 0.0) AS earned
  FROM `${project}.${dataset}.caption_performance_log` AS log
  LEFT JOIN tiers ON tiers.caption_id = log.caption_id
  LEFT JOIN worths ON worths.price_tier = tiers.price_tier
  WHERE log.observed_at >= TIMESTAMP_SUB(@since, INTERVAL TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND) SECOND)
), sums AS (
  SELECT
    COUNTIF(is_after) AS views_after,
    COUNTIF(NOT is_after) AS views_before,
    SAFE_DIVIDE(100 * COUNTIF(is_after AND engaged), COUNTIF(is_after)) AS engagement_after,
    SAFE_DIVIDE(100 * COUNTIF(NOT is_after AND engaged), COUNTIF(NOT is_after)) AS engagement_before,
    AVG(IF(is_after, earned, NULL)) AS emv_after,
    AVG(IF(is_after, NULL, earned)) AS emv_before,
    SAFE_DIVIDE(VAR_SAMP(IF(is_after, earned, NULL)), COUNTIF(is_after)) AS variance_after,
    SAFE_DIVIDE(VAR_SAMP(IF(is_after, NULL, earned)), COUNTIF(NOT is_after)) AS variance_before
  FROM views
)
SELECT
  FORMAT_TIMESTAMP('%F %H:%M UTC', @since) AS engagement_since,
  views_after, views_before, engagement_after, engagement_before,
  SAFE_DIVIDE(100 * engagement_after, engagement_before) - 100 AS change_percent,
  emv_after, emv_before,
  100 * SAFE_DIVIDE(emv_after, emv_before) - 100 AS emv_change_percent,
  SAFE_DIVIDE(variance_after, emv_after * emv_after) + SAFE_DIVIDE(variance_before, emv_before * emv_before)
    AS emv_log_variance
FROM sums
