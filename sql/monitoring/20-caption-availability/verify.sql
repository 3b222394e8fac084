-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many captions can still be handed out, whether any are, and how many assignments are of a caption that is
-- assigned already. assigned_after and assigned_usual are those since @since and those of an equal span, as there were in the
-- day before it: silence where ten or more are usual is no chance. What has expired may be gone from the table: there were as many
-- or more, and after a day nobody knows it any longer; assignments_24h is enough to see silence then.
-- assignment_silence_is_known: one was made since, or that many are usual. half_as_many_as_usual: 0 where there are some, and fewer
-- than half of twenty or more: an hour of the night may be that quiet, so it is no failure, and nothing to be content with.
-- verify: caption-availability
WITH counted AS (
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
      SELECT COUNT(*) FROM `${project}.${dataset}.active_caption_assignments`
      WHERE assigned_at >= GREATEST(@since, TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR))
    ) AS assigned_after,
    (
      SELECT
        IF(
          TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND) <= 86400,
          CAST(FLOOR(COUNT(*) * TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND) / 86400) AS INT64),
          NULL
        )
      FROM `${project}.${dataset}.active_caption_assignments`
      WHERE assigned_at >= TIMESTAMP_SUB(@since, INTERVAL 24 HOUR) AND assigned_at < @since
    ) AS assigned_usual,
    (
      SELECT COUNT(caption_id) - COUNT(DISTINCT caption_id) FROM `${project}.${dataset}.active_caption_assignments`
      WHERE expires_at IS NULL OR expires_at > CURRENT_TIMESTAMP()
    ) AS captions_assigned_twice
)
SELECT
  *,
  IF(assigned_after = 0 AND IFNULL(assigned_usual, 0) >= 10, 1, 0) AS assignments_missing,
  IF(assigned_after > 0 OR IFNULL(assigned_usual, 0) >= 10, 1, 0) AS assignment_silence_is_known,
  IF(assigned_after > 0 AND IFNULL(assigned_usual, 0) >= 20 AND 2 * assigned_after < assigned_usual, 0, 1)
    AS half_as_many_as_usual
FROM counted
