-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: behaviour
-- The procedures are called for captions that cannot exist, in a transaction that is rolled back: whenever this is cut off,
-- nothing has happened.
BEGIN
  DECLARE v_first, v_second, v_other, v_again, v_after STRING DEFAULT NULL;
  DECLARE v_released, v_unknown, v_none BOOL DEFAULT NULL;
  DECLARE v_seconds, v_left, v_removed, v_live_before, v_live_after, v_expired INT64 DEFAULT NULL;
  DECLARE v_holder STRING DEFAULT NULL;
  DECLARE v_other_kept, v_kept BOOL DEFAULT FALSE;
  BEGIN TRANSACTION;
  CALL `${project}.${dataset}.acquire_caption_lock`(-1, 'eros_deploy_check_a', 600, v_first);
  CALL `${project}.${dataset}.acquire_caption_lock`(-1, 'eros_deploy_check_b', 600, v_second);
  CALL `${project}.${dataset}.acquire_caption_lock`(-2, 'eros_deploy_check_b', 600, v_other);
  SET (v_holder, v_seconds) = (
    SELECT AS STRUCT MAX(account_id), MAX(TIMESTAMP_DIFF(expires_at, CURRENT_TIMESTAMP(), SECOND))
    FROM `${project}.${dataset}.caption_locks` WHERE caption_id = -1);
  -- Who does not hold it releases nothing.
  CALL `${project}.${dataset}.release_caption_lock`('eros_deploy_check', v_unknown);
  CALL `${project}.${dataset}.release_caption_lock`(NULL, v_none);
  SET v_kept = (SELECT COUNT(*) = 2 FROM `${project}.${dataset}.caption_locks` WHERE lock_id IN (v_first, v_other));
  CALL `${project}.${dataset}.release_caption_lock`(v_first, v_released);
  SET v_left = (SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks` WHERE caption_id = -1);
  SET v_other_kept = EXISTS (SELECT 1 FROM `${project}.${dataset}.caption_locks` WHERE lock_id = v_other);
  CALL `${project}.${dataset}.acquire_caption_lock`(-1, 'eros_deploy_check_b', 600, v_again);
  -- One that has run out is free again.
  UPDATE `${project}.${dataset}.caption_locks`
  SET expires_at = TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)
  WHERE caption_id IN (-1, -2);
  CALL `${project}.${dataset}.acquire_caption_lock`(-1, 'eros_deploy_check_c', 600, v_after);
  SET v_live_before = (
    SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks` WHERE expires_at > CURRENT_TIMESTAMP());
  CALL `${project}.${dataset}.cleanup_expired_locks`(v_removed);
  SET v_live_after = (
    SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks` WHERE expires_at > CURRENT_TIMESTAMP());
  SET v_expired = (SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks` WHERE caption_id = -2);
  ROLLBACK TRANSACTION;
  SELECT
    v_first IS NOT NULL AND v_other IS NOT NULL AND v_first != v_other AND v_holder = 'eros_deploy_check_a' AS first_won,
    v_second IS NOT NULL AS second_won,
    v_seconds AS seconds,
    v_kept AND NOT v_unknown AND NOT v_none AS others_keep,
    v_released AND v_left = 0 AND v_other_kept AS released,
    v_again IS NOT NULL AND v_after IS NOT NULL AS free_again,
    v_removed >= 1 AND v_expired = 0 AS cleaned,
    v_live_before - v_live_after AS live_lost;
END;

-- verify: refusals
-- What cannot be locked, and for how long nobody may.
BEGIN
  DECLARE v_refused INT64 DEFAULT 0;
  DECLARE v_lock STRING DEFAULT NULL;
  BEGIN TRANSACTION;
  BEGIN
    CALL `${project}.${dataset}.acquire_caption_lock`(NULL, 'eros_deploy_check', 60, v_lock);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + 1;
  END;
  BEGIN
    CALL `${project}.${dataset}.acquire_caption_lock`(-1, NULL, 60, v_lock);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + 1;
  END;
  BEGIN
    CALL `${project}.${dataset}.acquire_caption_lock`(-1, 'eros_deploy_check', 0, v_lock);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + 1;
  END;
  BEGIN
    CALL `${project}.${dataset}.acquire_caption_lock`(-1, 'eros_deploy_check', 86401, v_lock);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = v_refused + 1;
  END;
  ROLLBACK TRANSACTION;
  SELECT v_refused AS refused;
END;

-- verify: no-duplicates
-- Callers that come at once are told apart by one UPDATE of a row that both want; who looks first and inserts afterwards
-- lets two of them win.
SELECT
  (
    SELECT COUNT(*)
    FROM (
      SELECT caption_id
      FROM `${project}.${dataset}.caption_locks`
      WHERE expires_at > CURRENT_TIMESTAMP()
      GROUP BY caption_id
      HAVING COUNT(DISTINCT lock_id) > 1
    )
  ) AS twice,
  (
    SELECT COUNTIF(REGEXP_CONTAINS(routine_definition, r'(?is)\bUPDATE\s+\S*caption_locks\b.*@@row_count'))
    FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`
    WHERE routine_name = 'acquire_caption_lock'
  ) = 1 AS one_update;
