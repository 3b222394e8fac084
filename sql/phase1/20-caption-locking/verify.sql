-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: one-winner
-- Two captions that cannot exist, so that no real lock is touched.
BEGIN
  DECLARE v_dropped BOOL DEFAULT NULL;
  DECLARE v_first_id, v_second_id, v_other_id STRING DEFAULT NULL;
  DECLARE v_other_kept BOOL DEFAULT FALSE;
  -- What an earlier check has left that was cut off is this check's own.
  DELETE FROM `${project}.${dataset}.caption_locks` WHERE caption_id IN (-1, -2);
  CALL `${project}.${dataset}.acquire_caption_lock`(-1, 'eros_deploy_check_a', 60, v_first_id);
  CALL `${project}.${dataset}.acquire_caption_lock`(-1, 'eros_deploy_check_b', 60, v_second_id);
  CALL `${project}.${dataset}.acquire_caption_lock`(-2, 'eros_deploy_check_b', 60, v_other_id);
  CALL `${project}.${dataset}.release_caption_lock`(v_first_id, v_dropped);
  SET v_other_kept = EXISTS (
    SELECT 1 FROM `${project}.${dataset}.caption_locks` WHERE lock_id = v_other_id);
  CALL `${project}.${dataset}.release_caption_lock`(v_other_id, v_dropped);
  SELECT
    v_first_id IS NOT NULL AS first_won,
    v_second_id IS NOT NULL AS second_won,
    v_other_kept AND v_dropped AS other_kept,
    (SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks` WHERE caption_id < 0) AS left_over;
END;

-- verify: no-duplicates
SELECT COUNT(*) AS twice
FROM (
  SELECT caption_id
  FROM `${project}.${dataset}.caption_locks`
  WHERE expires_at > CURRENT_TIMESTAMP()
  GROUP BY caption_id
  HAVING COUNT(DISTINCT lock_id) > 1
);
