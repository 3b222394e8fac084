-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: boundaries
SELECT
  COUNT(*) AS cases,
  COUNTIF(`${project}.${dataset}.classify_account_size`(followers, rate) IS DISTINCT FROM expected) AS wrong
FROM UNNEST([
  STRUCT(CAST(NULL AS INT64) AS followers, 0.1 AS rate, 'unknown' AS expected),
  STRUCT(-1, 0.1, 'unknown'),
  STRUCT(10, -0.1, 'unknown'),
  STRUCT(0, 0.0, 'nano'),
  STRUCT(999, 0.05, 'nano'),
  STRUCT(999, 0.050001, 'nano_high_engagement'),
  STRUCT(0, 1.0, 'nano_high_engagement'),
  STRUCT(999, CAST(NULL AS FLOAT64), 'nano'),
  STRUCT(1000, 0.9, 'micro'),
  STRUCT(10000, 0.0, 'micro'),
  STRUCT(10000, CAST(NULL AS FLOAT64), 'micro'),
  STRUCT(10001, 0.0, 'mid_tier'),
  STRUCT(100000, 0.0, 'mid_tier'),
  STRUCT(100001, 0.0, 'macro'),
  STRUCT(1000000, 0.0, 'macro'),
  STRUCT(1000001, 0.0, 'mega')
]);

-- verify: exploration
SELECT
  COUNT(*) AS sizes,
  COUNTIF(NOT IFNULL(`${project}.${dataset}.exploration_rate`(size) = expected, FALSE)) AS wrong
FROM UNNEST([
  STRUCT('nano' AS size, 0.30 AS expected),
  STRUCT('nano_high_engagement', 0.25),
  STRUCT('micro', 0.20),
  STRUCT('mid_tier', 0.15),
  STRUCT('macro', 0.10),
  STRUCT('mega', 0.05),
  STRUCT('unknown', 0.20),
  STRUCT('something else', 0.20),
  STRUCT(CAST(NULL AS STRING), 0.20)
]);

-- verify: selection
-- One of those that are free, and none when none is: for an account that nobody knows, and for the biggest, each way that it
-- may be chosen. All is rolled back.
BEGIN
  DECLARE v_selected, v_calls, v_best, v_explored, v_refused INT64 DEFAULT 0;
  DECLARE v_wrong INT64 DEFAULT 0;
  DECLARE v_none BOOL DEFAULT NULL;
  BEGIN TRANSACTION;
  INSERT INTO `${project}.${dataset}.caption_locks` (caption_id, account_id, locked_at, expires_at, lock_id)
  SELECT caption_id, 'eros_deploy_check', CURRENT_TIMESTAMP(), TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR), 'eros_deploy_check'
  FROM `${project}.${dataset}.caption_bank` WHERE is_active AND caption_id IS NOT NULL;
  INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, caption_text, is_active)
  SELECT id, 'eros_deploy_check', id != -9 FROM UNNEST(GENERATE_ARRAY(-9, -1)) AS id;
  INSERT INTO `${project}.${dataset}.caption_bandit_stats` (caption_id, total_views, engagement_count, last_updated)
  SELECT id, 400, IF(id = -5, 380, IF(id <= -8, 400, 4)), CURRENT_TIMESTAMP() FROM UNNEST(GENERATE_ARRAY(-9, -1)) AS id;
  INSERT INTO `${project}.${dataset}.active_caption_assignments` (caption_id, account_id, assigned_at, schedule_id, expires_at)
  VALUES (-8, 'eros_deploy_check', CURRENT_TIMESTAMP(), 'eros_deploy_check', NULL);
  INSERT INTO `${project}.${dataset}.account_metrics` (account_id, follower_count, avg_engagement_rate, last_updated)
  VALUES ('eros_deploy_check_mega', 5000000, 0.01, CURRENT_TIMESTAMP());
  -- An account of the biggest size is shown the best 19 times of 20: more than six others of sixteen come once in 300,000.
  WHILE v_calls < 16 DO
    SET v_calls = v_calls + 1;
    CALL `${project}.${dataset}.select_caption_for_account`('eros_deploy_check_mega', v_selected);
    SET v_best = v_best + IF(v_selected = -5, 1, 0);
    SET v_wrong = v_wrong + IF(v_selected BETWEEN -7 AND -1, 0, 1);
  END WHILE;
  WHILE v_calls < 28 DO
    SET v_calls = v_calls + 1;
    CALL `${project}.${dataset}.select_caption_for_account`('eros_deploy_check', v_selected);
    SET v_wrong = v_wrong + IF(v_selected BETWEEN -7 AND -1, 0, 1);
  END WHILE;
  BEGIN
    CALL `${project}.${dataset}.select_caption_for_account`("x' OR '1'='1", v_selected);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + IF(STRPOS(@@error.message, 'may only have letters') > 0, 1, 0);
  END;
  BEGIN
    CALL `${project}.${dataset}.select_caption_for_account`(NULL, v_selected);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + IF(STRPOS(@@error.message, 'may only have letters') > 0, 1, 0);
  END;
  ROLLBACK TRANSACTION;
  SELECT
    v_calls AS calls,
    v_wrong AS wrong,
    v_best AS best,
    v_refused AS refused,
    (
      SELECT COUNTIF(REGEXP_CONTAINS(routine_definition, r'(?is)validate_input\S*\(p_account_id.*classify_account_size.*account_metrics.*account_id\s*=\s*p_account_id.*RAND\(\)\s*<\s*\S*exploration_rate')
        AND NOT REGEXP_CONTAINS(routine_definition, r'(?i)EXECUTE\s+IMMEDIATE'))
      FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`
      WHERE routine_name = 'select_caption_for_account'
    ) = 1 AS asks_for_the_size;
END;

-- verify: accounts
-- Whose size is known, and whether it is written down as the function says.
SELECT
  COUNT(*) AS accounts,
  COUNTIF(`${project}.${dataset}.classify_account_size`(follower_count, avg_engagement_rate) != 'unknown') AS classified,
  COUNTIF(account_size_category
    != `${project}.${dataset}.classify_account_size`(follower_count, avg_engagement_rate)) AS differing
FROM `${project}.${dataset}.account_metrics`;
