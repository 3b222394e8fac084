-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many captions can still be handed out, whether any are, and how many assignments are of a caption that is
-- assigned already.
-- verify: caption-availability
SELECT
  (
    SELECT COUNT(*)
    FROM `${project}.${dataset}.caption_bank` AS bank
    WHERE bank.is_active AND bank.caption_id IS NOT NULL
      AND NOT EXISTS (
        SELECT 1 FROM `${project}.${dataset}.active_caption_assignments` AS taken
        WHERE taken.caption_id = bank.caption_id
          AND (taken.expires_at IS NULL OR taken.expires_at > CURRENT_TIMESTAMP())
      )
  ) AS free_captions,
  (
    SELECT COUNT(*) FROM `${project}.${dataset}.active_caption_assignments`
    WHERE assigned_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)
  ) AS assignments_24h,
  (
    SELECT COUNT(caption_id) - COUNT(DISTINCT caption_id) FROM `${project}.${dataset}.active_caption_assignments`
    WHERE expires_at IS NULL OR expires_at > CURRENT_TIMESTAMP()
  ) AS captions_assigned_twice
