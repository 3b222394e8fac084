-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: objects
-- Both views, beside what they are made of.
SELECT
  (
    SELECT COUNT(*) FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`
    WHERE routine_name IN ('update_caption_stats_batch', 'incremental_caption_update')
  ) AS routines,
  (SELECT captions FROM `${project}.${dataset}.caption_stats_summary`) AS captions,
  (
    SELECT COUNT(*) FROM `${project}.${dataset}.caption_stats_summary` AS summary
    CROSS JOIN (
      SELECT COUNT(*) AS n, IFNULL(SUM(total_views), 0) AS views, IFNULL(SUM(engagement_count), 0) AS engagements,
        COUNTIF(wilson_score_lower_bound >= 0.7) AS high, COUNTIF(wilson_score_lower_bound >= 0.4) AS medium_or_high
      FROM `${project}.${dataset}.caption_bandit_stats`
    ) AS stats
    WHERE summary.captions = stats.n AND summary.total_views = stats.views AND summary.engagements = stats.engagements
      AND summary.high_tier = stats.high AND summary.medium_tier = stats.medium_or_high - stats.high
      AND summary.low_tier = stats.n - stats.medium_or_high
  ) AS summaries_right,
  (
    SELECT COUNTIF(score > previous OR place != expected OR NOT IFNULL(active, FALSE))
    FROM (
      SELECT top.wilson_score_lower_bound AS score, top.`rank` AS place, ROW_NUMBER() OVER (ORDER BY top.`rank`) AS expected,
        LAG(top.wilson_score_lower_bound) OVER (ORDER BY top.`rank`) AS previous, bank.is_active AS active
      FROM `${project}.${dataset}.top_performing_captions` AS top
      LEFT JOIN `${project}.${dataset}.caption_bank` AS bank ON bank.caption_id = top.caption_id
    )
  ) AS unordered,
  (
    SELECT COUNTIF(stats.wilson_score_lower_bound > (
      SELECT MIN(wilson_score_lower_bound) FROM `${project}.${dataset}.top_performing_captions`))
    FROM `${project}.${dataset}.caption_bandit_stats` AS stats
    JOIN `${project}.${dataset}.caption_bank` AS bank ON bank.caption_id = stats.caption_id AND bank.is_active
    WHERE stats.caption_id NOT IN (
      SELECT caption_id FROM `${project}.${dataset}.top_performing_captions` WHERE caption_id IS NOT NULL)
  ) AS left_out;

-- verify: incremental
-- A caption that cannot exist, in a transaction that is rolled back: whenever this is cut off, nothing has happened.
BEGIN
  DECLARE v_first, v_second, v_third STRING DEFAULT NULL;
  DECLARE v_refused, v_others_before, v_others_after INT64 DEFAULT 0;
  BEGIN TRANSACTION;
  SET v_others_before = (SELECT SUM(total_views) FROM `${project}.${dataset}.caption_bandit_stats`);
  CALL `${project}.${dataset}.incremental_caption_update`(-1, 10, 5);
  SET v_first = (
    SELECT STRING_AGG(FORMAT('%d %d %t', total_views, engagement_count,
      ABS(wilson_score_lower_bound - 0.23658959361548727) < 1e-12 AND last_updated IS NOT NULL))
    FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id = -1);
  CALL `${project}.${dataset}.incremental_caption_update`(-1, 90, 45);
  SET v_second = (
    SELECT STRING_AGG(FORMAT('%d %d %t', total_views, engagement_count,
      ABS(wilson_score_lower_bound - 0.40382982859014715) < 1e-12))
    FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id = -1);
  CALL `${project}.${dataset}.incremental_caption_update`(-1, 0, 0);
  SET v_third = (
    SELECT STRING_AGG(FORMAT('%d %d', total_views, engagement_count))
    FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id = -1);
  SET v_others_after = (SELECT SUM(total_views) FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id IS DISTINCT FROM -1);
  BEGIN
    CALL `${project}.${dataset}.incremental_caption_update`(-1, 1, 2);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + 1;
  END;
  BEGIN
    CALL `${project}.${dataset}.incremental_caption_update`(-1, -1, -1);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + 1;
  END;
  BEGIN
    CALL `${project}.${dataset}.incremental_caption_update`(NULL, 1, 1);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + 1;
  END;
  ROLLBACK TRANSACTION;
  SELECT
    IFNULL(v_first = '10 5 true', FALSE) AS counted_new,
    IFNULL(v_second = '100 50 true' AND v_third = '100 50', FALSE) AS added,
    IFNULL(v_others_before, 0) - IFNULL(v_others_after, 0) AS others_changed,
    v_refused AS refused;
END;

-- verify: batch
-- The batch has a transaction of its own, and can be in no other. So it is given rows of its own, of two captions that cannot
-- exist, which are older than any that waits, and counts no others; they are removed afterwards, and, should this be cut
-- off, by the next that begins here. Should something go wrong, they are removed all the same.
BEGIN
  DECLARE v_from TIMESTAMP DEFAULT NULL;
  DECLARE v_rows, v_waiting_before, v_waiting_after, v_marked INT64 DEFAULT NULL;
  DECLARE v_counted, v_error STRING DEFAULT NULL;
  DECLARE v_refused BOOL DEFAULT FALSE;
  DELETE FROM `${project}.${dataset}.caption_performance_log` WHERE caption_id IN (-1, -2) AND account_id = 'eros_deploy_check';
  DELETE FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id IN (-1, -2);
  BEGIN
    SET v_from = (
      SELECT TIMESTAMP_SUB(IFNULL(MIN(observed_at), CURRENT_TIMESTAMP()), INTERVAL 1 MINUTE)
      FROM `${project}.${dataset}.caption_performance_log` WHERE processed IS NOT TRUE);
    INSERT INTO `${project}.${dataset}.caption_performance_log` (caption_id, account_id, engaged, observed_at, processed)
    VALUES
      (-1, 'eros_deploy_check', TRUE, v_from, FALSE), (-1, 'eros_deploy_check', FALSE, v_from, NULL),
      (-1, 'eros_deploy_check', NULL, v_from, FALSE), (-1, 'eros_deploy_check', TRUE, v_from, TRUE),
      (-2, 'eros_deploy_check', TRUE, TIMESTAMP_ADD(v_from, INTERVAL 1 SECOND), FALSE);
    SET v_waiting_before = (
      SELECT COUNT(*) FROM `${project}.${dataset}.caption_performance_log` WHERE processed IS NOT TRUE AND caption_id >= 0);
    CALL `${project}.${dataset}.update_caption_stats_batch`(1, v_rows);
    SET v_counted = (
      SELECT STRING_AGG(FORMAT('%d: %d of %d', caption_id, engagement_count, total_views), ', ' ORDER BY caption_id)
      FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id IN (-1, -2));
    SET v_marked = (
      SELECT COUNTIF(processed AND caption_id = -1) - COUNTIF(processed AND caption_id = -2)
      FROM `${project}.${dataset}.caption_performance_log` WHERE account_id = 'eros_deploy_check');
    SET v_waiting_after = (
      SELECT COUNT(*) FROM `${project}.${dataset}.caption_performance_log` WHERE processed IS NOT TRUE AND caption_id >= 0);
  EXCEPTION WHEN ERROR THEN
    SET v_error = @@error.message;
  END;
  DELETE FROM `${project}.${dataset}.caption_performance_log` WHERE caption_id IN (-1, -2) AND account_id = 'eros_deploy_check';
  DELETE FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id IN (-1, -2);
  IF v_error IS NOT NULL THEN
    RAISE USING MESSAGE = v_error;
  END IF;
  BEGIN
    CALL `${project}.${dataset}.update_caption_stats_batch`(0, v_rows);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = TRUE;
  END;
  SELECT
    IFNULL(v_counted, 'nothing') AS counted,
    IFNULL(v_counted = '-1: 1 of 3', FALSE) AS counted_once,
    v_marked AS marked,
    v_waiting_before - v_waiting_after <= 0 AS others_wait,
    v_refused AS refused;
END;
