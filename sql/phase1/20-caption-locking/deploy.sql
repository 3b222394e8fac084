-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE IF NOT EXISTS `${project}.${dataset}.caption_locks` (
  caption_id INT64 NOT NULL OPTIONS (description = 'The caption that is locked'),
  account_id STRING OPTIONS (description = 'Who holds the lock; NULL: nobody'),
  locked_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL OPTIONS (description = 'From here on the lock is free again'),
  lock_id STRING OPTIONS (description = 'Handed to the holder, who releases with it')
)
PARTITION BY DATE(locked_at)
OPTIONS (description = 'At most one live lock a caption', labels = [('made_by', 'eros_deploy')]);

-- Looking first and inserting afterwards would let two callers win: inserts never conflict. What decides is one UPDATE
-- of a row that both want: BigQuery runs such statements one after the other, and the second finds the lock taken.
-- The MERGE before it only makes sure that there is a row. Should two of them add one each, both rows belong to the
-- winner, because the UPDATE looks at all rows of the caption.
-- Whoever finds the caption locked only reads: few statements that change a table may wait for each other (20 a table),
-- and many callers want the same caption. When the row was released or cleaned up between MERGE and UPDATE, the UPDATE
-- finds none although the caption is free: then it is tried again.
CREATE OR REPLACE PROCEDURE `${project}.${dataset}.acquire_caption_lock`(
  p_caption_id INT64, p_account_id STRING, p_seconds INT64, OUT p_lock_id STRING
)
BEGIN
  DECLARE v_lock_id STRING DEFAULT GENERATE_UUID();
  DECLARE v_attempts INT64 DEFAULT 0;
  SET p_lock_id = NULL;
  IF p_caption_id IS NULL OR p_account_id IS NULL OR p_seconds IS NULL OR p_seconds NOT BETWEEN 1 AND 86400 THEN
    RAISE USING MESSAGE = 'acquire_caption_lock needs a caption, an account, and 1 to 86400 seconds';
  END IF;

  WHILE p_lock_id IS NULL AND v_attempts < 3 AND NOT EXISTS (
    SELECT 1 FROM `${project}.${dataset}.caption_locks` AS live
    WHERE live.caption_id = p_caption_id AND live.expires_at > CURRENT_TIMESTAMP()
  ) DO
    SET v_attempts = v_attempts + 1;
    MERGE `${project}.${dataset}.caption_locks` AS locks
    USING (SELECT p_caption_id AS wanted_id) AS wanted
    ON locks.caption_id = wanted.wanted_id
    WHEN NOT MATCHED THEN
      INSERT (caption_id, account_id, locked_at, expires_at, lock_id)
      VALUES (wanted.wanted_id, NULL, CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), NULL);

    UPDATE `${project}.${dataset}.caption_locks` AS locks
    SET account_id = p_account_id,
        lock_id = v_lock_id,
        locked_at = CURRENT_TIMESTAMP(),
        expires_at = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL p_seconds SECOND)
    WHERE locks.caption_id = p_caption_id
      AND NOT EXISTS (
        SELECT 1 FROM `${project}.${dataset}.caption_locks` AS live
        WHERE live.caption_id = p_caption_id AND live.expires_at > CURRENT_TIMESTAMP()
      );
    IF @@row_count > 0 THEN
      SET p_lock_id = v_lock_id;
    END IF;
  END WHILE;
END;

CREATE OR REPLACE PROCEDURE `${project}.${dataset}.release_caption_lock`(p_lock_id STRING, OUT p_released BOOL)
BEGIN
  DELETE FROM `${project}.${dataset}.caption_locks` WHERE lock_id = p_lock_id;
  SET p_released = @@row_count > 0;
END;

-- A minute of grace: a row that acquire_caption_lock has just made must still be there for its UPDATE.
CREATE OR REPLACE PROCEDURE `${project}.${dataset}.cleanup_expired_locks`(OUT p_removed INT64)
BEGIN
  DELETE FROM `${project}.${dataset}.caption_locks`
  WHERE expires_at < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 MINUTE);
  SET p_removed = @@row_count;
END;
