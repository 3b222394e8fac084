-- SPDX-License-Identifier: GPL-3.0-or-later
-- The benchmark of caption selection: the best active caption that nobody holds. It is the time that counts.
SELECT bank.caption_id, stats.wilson_score_lower_bound
FROM `${project}.${dataset}.caption_bank` AS bank
JOIN `${project}.${dataset}.caption_bandit_stats` AS stats ON stats.caption_id = bank.caption_id
WHERE bank.is_active
  AND NOT EXISTS (
    SELECT 1
    FROM `${project}.${dataset}.active_caption_assignments` AS assignments
    WHERE assignments.caption_id = bank.caption_id
      AND (assignments.expires_at IS NULL OR assignments.expires_at > CURRENT_TIMESTAMP())
  )
ORDER BY stats.wilson_score_lower_bound DESC, bank.caption_id
LIMIT 1
