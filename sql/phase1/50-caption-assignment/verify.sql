-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: assignment
-- The procedure is called, in a transaction that is rolled back: whenever this is cut off, nothing has happened. All captions
-- that there are are locked there, but two that cannot exist otherwise.
BEGIN
  DECLARE v_first, v_second, v_third, v_rows, v_right, v_locks, v_most INT64 DEFAULT NULL;
  BEGIN TRANSACTION;
  INSERT INTO `${project}.${dataset}.caption_locks` (caption_id, account_id, locked_at, expires_at, lock_id)
  SELECT caption_id, 'eros_deploy_check', CURRENT_TIMESTAMP(), TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR), 'eros_deploy_check'
  FROM `${project}.${dataset}.caption_bank` WHERE is_active AND caption_id IS NOT NULL;
  INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, caption_text, is_active)
  VALUES (-1, 'eros_deploy_check', TRUE), (-2, 'eros_deploy_check', TRUE);
  CALL `${project}.${dataset}.assign_caption`('eros_deploy_check_a', 'micro', 'eros_deploy_check_1', 24, v_first);
  CALL `${project}.${dataset}.assign_caption`('eros_deploy_check_b', 'micro', 'eros_deploy_check_2', 48, v_second);
  CALL `${project}.${dataset}.assign_caption`('eros_deploy_check_c', 'micro', 'eros_deploy_check_3', 24, v_third);
  SET (v_rows, v_right, v_most) = (
    SELECT AS STRUCT COUNT(*),
      COUNTIF((caption_id, account_id, schedule_id, TIMESTAMP_DIFF(expires_at, assigned_at, HOUR)) IN (
          (v_first, 'eros_deploy_check_a', 'eros_deploy_check_1', 24), (v_second, 'eros_deploy_check_b', 'eros_deploy_check_2', 48))
        AND ABS(TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), assigned_at, SECOND)) < 3600),
      COUNT(DISTINCT caption_id)
    FROM `${project}.${dataset}.active_caption_assignments` WHERE STARTS_WITH(account_id, 'eros_deploy_check'));
  SET v_locks = (
    SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks`
    WHERE caption_id IN (-1, -2) AND expires_at > CURRENT_TIMESTAMP());
  ROLLBACK TRANSACTION;
  SELECT
    IFNULL(v_first BETWEEN -2 AND -1 AND v_second BETWEEN -2 AND -1 AND v_first != v_second, FALSE) AS two_captions,
    v_third IS NULL AS none_left,
    v_rows AS written,
    v_right AS `right`,
    v_most AS captions,
    v_locks AS locks_left;
END;

-- verify: refusals
BEGIN
  DECLARE v_hostile ARRAY<STRING> DEFAULT ["x' OR '1'='1", "x; SELECT 1", "x`", "x\"", "x%", "", REPEAT("a", 129)];
  DECLARE v_assigned, v_calls, v_refused, v_i INT64 DEFAULT 0;
  BEGIN TRANSACTION;
  WHILE v_i < ARRAY_LENGTH(v_hostile) DO
    BEGIN
      CALL `${project}.${dataset}.assign_caption`(v_hostile[OFFSET(v_i)], 'micro', 'eros_deploy_check', 1, v_assigned);
    EXCEPTION WHEN ERROR THEN
      SET v_refused = v_refused + IF(STRPOS(@@error.message, 'may only have letters') > 0, 1, 0);
    END;
    BEGIN
      CALL `${project}.${dataset}.assign_caption`('eros_deploy_check', v_hostile[OFFSET(v_i)], 'eros_deploy_check', 1, v_assigned);
    EXCEPTION WHEN ERROR THEN
      SET v_refused = v_refused + IF(STRPOS(@@error.message, 'may only have letters') > 0, 1, 0);
    END;
    BEGIN
      CALL `${project}.${dataset}.assign_caption`('eros_deploy_check', 'micro', v_hostile[OFFSET(v_i)], 1, v_assigned);
    EXCEPTION WHEN ERROR THEN
      SET v_refused = v_refused + IF(STRPOS(@@error.message, 'may only have letters') > 0, 1, 0);
    END;
    SET v_calls = v_calls + 3;
    SET v_i = v_i + 1;
  END WHILE;
  BEGIN
    CALL `${project}.${dataset}.assign_caption`('eros_deploy_check', 'micro', 'eros_deploy_check', 0, v_assigned);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + 1;
  END;
  BEGIN
    CALL `${project}.${dataset}.assign_caption`('eros_deploy_check', 'micro', 'eros_deploy_check', 8761, v_assigned);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + 1;
  END;
  ROLLBACK TRANSACTION;
  SELECT
    v_calls + 2 AS calls,
    v_calls + 2 - v_refused AS let_through,
    (
      SELECT COUNTIF(
        REGEXP_CONTAINS(routine_definition, r'(?is)acquire_caption_lock.*NOT\s+EXISTS.*release_caption_lock')
        AND NOT REGEXP_CONTAINS(routine_definition, r'(?i)EXECUTE\s+IMMEDIATE'))
      FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`
      WHERE routine_name = 'assign_caption'
    ) = 1 AS looks_under_the_lock;
END;

-- verify: no-duplicates
SELECT COUNT(*) AS twice
FROM (
  SELECT caption_id
  FROM `${project}.${dataset}.active_caption_assignments`
  WHERE expires_at IS NULL OR expires_at > CURRENT_TIMESTAMP()
  GROUP BY caption_id
  HAVING COUNT(*) > 1
);
