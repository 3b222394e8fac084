-- SPDX-License-Identifier: GPL-3.0-or-later
-- Selects a caption, locks it and writes the assignment as one: of several callers that select the same caption one gets the
-- lock, and the others select again. Whoever gets the lock later, when the first has released it, finds the assignment. NULL
-- when none is free, or five were taken away one after the other.
CREATE OR REPLACE PROCEDURE `${project}.${dataset}.assign_caption`(
  p_account_id STRING, p_account_size STRING, p_schedule_id STRING, p_hours INT64, OUT p_assigned_caption_id INT64
)
BEGIN
  DECLARE v_candidate INT64 DEFAULT NULL;
  DECLARE v_lock_id STRING DEFAULT NULL;
  DECLARE v_released BOOL DEFAULT NULL;
  DECLARE v_attempts INT64 DEFAULT 0;
  DECLARE v_schedule_limit INT64 DEFAULT 128;
  SET p_assigned_caption_id = NULL;
  IF NOT `${project}.${dataset}.validate_input`(p_schedule_id, v_schedule_limit) THEN
    RAISE USING MESSAGE = 'The schedule id may only have letters, digits, underscores and hyphens, 128 at most';
  END IF;
  IF p_hours IS NULL OR p_hours NOT BETWEEN 1 AND 8760 THEN
    RAISE USING MESSAGE = 'assign_caption needs 1 to 8760 hours';
  END IF;

  -- The account and its size are looked at where they are used.
  CALL `${project}.${dataset}.select_caption_safe`(p_account_id, p_account_size, v_candidate);
  WHILE p_assigned_caption_id IS NULL AND v_candidate IS NOT NULL AND v_attempts < 5 DO
    SET v_attempts = v_attempts + 1;
    CALL `${project}.${dataset}.acquire_caption_lock`(v_candidate, p_account_id, 60, v_lock_id);
    IF v_lock_id IS NOT NULL THEN
      INSERT INTO `${project}.${dataset}.active_caption_assignments`
        (caption_id, account_id, assigned_at, schedule_id, expires_at)
      SELECT v_candidate, p_account_id, CURRENT_TIMESTAMP(), p_schedule_id,
        TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL p_hours HOUR)
      FROM (SELECT 1)
      WHERE NOT EXISTS (
        SELECT 1 FROM `${project}.${dataset}.active_caption_assignments` AS taken
        WHERE taken.caption_id = v_candidate
          AND (taken.expires_at IS NULL OR taken.expires_at > CURRENT_TIMESTAMP()));
      IF @@row_count > 0 THEN
        SET p_assigned_caption_id = v_candidate;
      END IF;
      CALL `${project}.${dataset}.release_caption_lock`(v_lock_id, v_released);
    END IF;
    IF p_assigned_caption_id IS NULL THEN
      CALL `${project}.${dataset}.select_caption_safe`(p_account_id, p_account_size, v_candidate);
    END IF;
  END WHILE;
END;
