-- SPDX-License-Identifier: GPL-3.0-or-later
-- How evenly captions were given out from @begun to @ended, in percent. Of the views of an hour, it is the effective number of
-- captions (inverse Simpson index: so many, shown equally often, would be as even) out of as many as could have been shown:
-- the active captions, or as many as there were views. 100: nobody saw a caption twice, or each was seen as often as the
-- others. By whole hours that are over and had two views at least, of each day the first @hours counted from @begun; the
-- number is the hours' mean, the spread their standard deviation.
WITH pool AS (
  SELECT COUNT(DISTINCT caption_id) AS captions
  FROM `${project}.${dataset}.caption_bank`
  WHERE is_active
), counts AS (
  SELECT
    DIV(TIMESTAMP_DIFF(observed_at, @begun, SECOND), 3600) AS hour,
    caption_id,
    COUNT(*) AS views
  FROM `${project}.${dataset}.caption_performance_log`
  WHERE observed_at >= @begun AND observed_at < @ended
  GROUP BY hour, caption_id
), hours AS (
  SELECT hour, SUM(views) AS views, SUM(views * views) AS squares
  FROM counts
  WHERE MOD(hour, 24) < @hours
    AND hour < DIV(TIMESTAMP_DIFF(LEAST(@ended, CURRENT_TIMESTAMP()), @begun, SECOND), 3600)
  GROUP BY hour
), seen AS (
  SELECT
    hours.hour,
    hours.views,
    LEAST(100, SAFE_DIVIDE(100 * hours.views * hours.views, hours.squares * LEAST(hours.views, pool.captions)))
      AS effectiveness
  FROM hours, pool
  WHERE hours.views >= 2
)
SELECT
  COUNT(*) AS hours,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%SZ', TIMESTAMP_ADD(@begun, INTERVAL MIN(hour) HOUR)) AS first_time,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%SZ', TIMESTAMP_ADD(@begun, INTERVAL (MAX(hour) + 1) HOUR)) AS last_time,
  IFNULL(SUM(views), 0) AS views,
  ROUND(AVG(effectiveness), 2) AS effectiveness,
  ROUND(STDDEV_SAMP(effectiveness), 2) AS effectiveness_spread,
  STRING_AGG(CAST(ROUND(effectiveness, 3) AS STRING), ' ' ORDER BY hour) AS effectiveness_hours
FROM seen
