-- SPDX-License-Identifier: GPL-3.0-or-later
-- Locks that live, and expired ones that nobody has cleaned up. A row that nobody has held is not a lock.
SELECT
  COUNTIF(expires_at > CURRENT_TIMESTAMP()) AS live_locks,
  COUNTIF(expires_at <= CURRENT_TIMESTAMP() AND lock_id IS NOT NULL) AS expired_locks
FROM `${project}.${dataset}.caption_locks`
