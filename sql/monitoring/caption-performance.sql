-- SPDX-License-Identifier: GPL-3.0-or-later
-- What captions earned since @since beside the same span before it. The expected monetary value stands for itself as
-- engagements a view: what an engagement is worth is the same on both sides.
SELECT
  COUNTIF(observed_at >= @since) AS views_after,
  COUNTIF(observed_at < @since) AS views_before,
  SAFE_DIVIDE(100 * COUNTIF(observed_at >= @since AND engaged), COUNTIF(observed_at >= @since)) AS engagement_after,
  SAFE_DIVIDE(100 * COUNTIF(observed_at < @since AND engaged), COUNTIF(observed_at < @since)) AS engagement_before,
  SAFE_DIVIDE(
    100 * SAFE_DIVIDE(COUNTIF(observed_at >= @since AND engaged), COUNTIF(observed_at >= @since)),
    SAFE_DIVIDE(COUNTIF(observed_at < @since AND engaged), COUNTIF(observed_at < @since))
  ) - 100 AS change_percent
FROM `${project}.${dataset}.caption_performance_log`
WHERE observed_at >= TIMESTAMP_SUB(@since, INTERVAL TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND) SECOND)
