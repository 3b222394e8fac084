-- SPDX-License-Identifier: GPL-3.0-or-later
-- Locks that live, and expired ones that nobody has cleaned up. A row that nobody has held is not a lock, and a lock may
-- have two rows. Before phase 1 and after a rollback there is no table, and no lock; where what locks is there and its table
-- is not, somebody has taken the table away, and nothing is locked any more.
-- verify: caption-locks
IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES` WHERE table_name = 'caption_locks'
) THEN
  SELECT
    COUNT(DISTINCT IF(expires_at > CURRENT_TIMESTAMP(), lock_id, NULL)) AS live_locks,
    COUNT(DISTINCT IF(expires_at <= CURRENT_TIMESTAMP(), lock_id, NULL)) AS expired_locks,
    1 AS tables_of_locks,
    0 AS tables_missing
  FROM `${project}.${dataset}.caption_locks`;
ELSE
  SELECT 0 AS live_locks, 0 AS expired_locks, 0 AS tables_of_locks, COUNT(*) AS tables_missing
  FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`
  WHERE routine_name = 'acquire_caption_lock';
END IF;
