-- SPDX-License-Identifier: GPL-3.0-or-later
-- Counts the oldest log rows that have not been counted, at most batch_size and those of the same instant as the last,
-- and marks exactly these: both statements see the one snapshot of the transaction, so a row that arrives meanwhile is
-- neither counted nor marked. Of two runs at once BigQuery aborts the one that commits second, whole.
CREATE OR REPLACE PROCEDURE `${project}.${dataset}.update_caption_stats_batch`(p_batch_size INT64, OUT p_rows INT64)
BEGIN
  DECLARE v_until TIMESTAMP DEFAULT NULL;
  SET p_rows = 0;
  IF p_batch_size IS NULL OR p_batch_size < 1 THEN
    RAISE USING MESSAGE = 'update_caption_stats_batch needs a batch size of at least 1';
  END IF;

  BEGIN
    BEGIN TRANSACTION;
    -- LIMIT takes a parameter and no variable; numbering all rows instead would be one worker's task.
    EXECUTE IMMEDIATE '''
      SELECT MAX(observed_at)
      FROM (
        SELECT observed_at
        FROM `${project}.${dataset}.caption_performance_log`
        WHERE processed IS NOT TRUE AND caption_id IS NOT NULL AND observed_at IS NOT NULL
        ORDER BY observed_at
        LIMIT @most
      )''' INTO v_until USING p_batch_size AS most;
    IF v_until IS NOT NULL THEN
      MERGE `${project}.${dataset}.caption_bandit_stats` AS stats
      USING (
        SELECT caption_id, COUNT(*) AS new_views, COUNTIF(engaged) AS new_engagements
        FROM `${project}.${dataset}.caption_performance_log`
        WHERE processed IS NOT TRUE AND caption_id IS NOT NULL AND observed_at <= v_until
        GROUP BY caption_id
      ) AS batch
      ON stats.caption_id = batch.caption_id
      WHEN MATCHED THEN UPDATE SET
        total_views = IFNULL(stats.total_views, 0) + batch.new_views,
        engagement_count = IFNULL(stats.engagement_count, 0) + batch.new_engagements,
        wilson_score_lower_bound = `${project}.${dataset}.wilson_score_lower_bound`(
          IFNULL(stats.engagement_count, 0) + batch.new_engagements, IFNULL(stats.total_views, 0) + batch.new_views),
        last_updated = CURRENT_TIMESTAMP()
      WHEN NOT MATCHED THEN
        INSERT (caption_id, total_views, engagement_count, wilson_score_lower_bound, last_updated)
        VALUES (
          batch.caption_id, batch.new_views, batch.new_engagements,
          `${project}.${dataset}.wilson_score_lower_bound`(batch.new_engagements, batch.new_views), CURRENT_TIMESTAMP());

      UPDATE `${project}.${dataset}.caption_performance_log`
      SET processed = TRUE
      WHERE processed IS NOT TRUE AND caption_id IS NOT NULL AND observed_at <= v_until;
      SET p_rows = @@row_count;
    END IF;
    COMMIT TRANSACTION;
  EXCEPTION WHEN ERROR THEN
    ROLLBACK TRANSACTION;
    SET p_rows = 0;
    RAISE USING MESSAGE = CONCAT('update_caption_stats_batch changed nothing: ', @@error.message);
  END;
END;

-- Adds what was observed of one caption, and rescores that caption only.
CREATE OR REPLACE PROCEDURE `${project}.${dataset}.incremental_caption_update`(
  p_caption_id INT64, p_views INT64, p_engagements INT64
)
BEGIN
  IF p_caption_id IS NULL OR p_views IS NULL OR p_engagements IS NULL
    OR p_views < 0 OR p_engagements < 0 OR p_engagements > p_views THEN
    RAISE USING MESSAGE = 'incremental_caption_update needs a caption and 0 <= engagements <= views';
  END IF;
  MERGE `${project}.${dataset}.caption_bandit_stats` AS stats
  USING (SELECT p_caption_id AS observed_id) AS observed
  ON stats.caption_id = observed.observed_id
  WHEN MATCHED THEN UPDATE SET
    total_views = IFNULL(stats.total_views, 0) + p_views,
    engagement_count = IFNULL(stats.engagement_count, 0) + p_engagements,
    wilson_score_lower_bound = `${project}.${dataset}.wilson_score_lower_bound`(
      IFNULL(stats.engagement_count, 0) + p_engagements, IFNULL(stats.total_views, 0) + p_views),
    last_updated = CURRENT_TIMESTAMP()
  WHEN NOT MATCHED THEN
    INSERT (caption_id, total_views, engagement_count, wilson_score_lower_bound, last_updated)
    VALUES (
      p_caption_id, p_views, p_engagements,
      `${project}.${dataset}.wilson_score_lower_bound`(p_engagements, p_views), CURRENT_TIMESTAMP());
END;

CREATE OR REPLACE VIEW `${project}.${dataset}.caption_stats_summary`
OPTIONS (description = 'One row: how many captions there are in each performance tier, and how they do')
AS
SELECT
  COUNT(*) AS captions,
  IFNULL(SUM(total_views), 0) AS total_views,
  IFNULL(SUM(engagement_count), 0) AS engagements,
  SAFE_DIVIDE(SUM(engagement_count), SUM(total_views)) AS engagement_rate,
  COUNTIF(wilson_score_lower_bound >= 0.7) AS high_tier,
  COUNTIF(wilson_score_lower_bound >= 0.4 AND wilson_score_lower_bound < 0.7) AS medium_tier,
  COUNTIF(NOT IFNULL(wilson_score_lower_bound >= 0.4, FALSE)) AS low_tier,
  MAX(last_updated) AS last_updated
FROM `${project}.${dataset}.caption_bandit_stats`;

CREATE OR REPLACE VIEW `${project}.${dataset}.top_performing_captions`
OPTIONS (description = 'The hundred active captions with the highest Wilson bound')
AS
-- Numbered are the hundred only: one worker numbers, many find the highest.
SELECT
  ROW_NUMBER() OVER (ORDER BY wilson_score_lower_bound DESC, caption_id) AS `rank`,
  caption_id,
  caption_text,
  category,
  total_views,
  engagement_count,
  wilson_score_lower_bound
FROM (
  SELECT
    stats.caption_id,
    bank.caption_text,
    bank.category,
    stats.total_views,
    stats.engagement_count,
    stats.wilson_score_lower_bound
  FROM `${project}.${dataset}.caption_bandit_stats` AS stats
  JOIN `${project}.${dataset}.caption_bank` AS bank ON bank.caption_id = stats.caption_id
  WHERE bank.is_active
  ORDER BY stats.wilson_score_lower_bound DESC, stats.caption_id
  LIMIT 100
)
ORDER BY `rank`;
