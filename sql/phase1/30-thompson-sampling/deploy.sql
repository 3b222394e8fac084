-- SPDX-License-Identifier: GPL-3.0-or-later
-- One attempt of “A simple method for generating gamma variables” (Marsaglia and Tsang 2000), for a shape of at least 1:
-- d is the shape - 1/3, root is 1 + z / (3 √d) with a standard normal z, and uniform is in (0, 1]. Gives a draw from
-- Gamma(shape, 1), or NULL when the attempt is rejected (at most one time in twenty). The method's z²/2 is 4.5 d (root - 1)².
CREATE OR REPLACE FUNCTION `${project}.${dataset}.gamma_candidate`(d FLOAT64, root FLOAT64, uniform FLOAT64)
RETURNS FLOAT64
AS (
  -- A root that is not positive has no logarithm, and the attempt is rejected.
  IF(
    LN(uniform) < d * (4.5 * (root - 1.0) * (root - 1.0) + 1.0 - root * root * root + 3.0 * SAFE.LN(root)),
    d * root * root * root,
    NULL)
);

-- Draws once from Beta(engagements + 1, views - engagements + 1) for each caption that may be handed out, and selects the
-- highest draw; NULL when none is free. Such a draw is x / (x + y) of two gamma draws, and highest where y / x is lowest.
-- Each gets four attempts, and hardly ever (six times in a million for shape 1, less for any larger) is none accepted: then
-- the caption comes last, and the others' draws are exact all the same.
-- The account's size does not bear on it yet: phase 2 brings the exploration rates.
CREATE OR REPLACE PROCEDURE `${project}.${dataset}.select_caption_thompson_sampling`(
  p_account_id STRING, p_account_size STRING, OUT selected_caption_id INT64
)
BEGIN
  SET selected_caption_id = (
    WITH arms AS (
      SELECT
        bank.caption_id AS arm_id,
        -- A count that cannot be (negative, more engagements than views) must not make a shape below 1.
        GREATEST(IFNULL(stats.engagement_count, 0), 0) + 1 - 1.0 / 3.0 AS d_x,
        GREATEST(IFNULL(stats.total_views, 0) - GREATEST(IFNULL(stats.engagement_count, 0), 0), 0) + 1 - 1.0 / 3.0 AS d_y
      FROM `${project}.${dataset}.caption_bank` AS bank
      LEFT JOIN `${project}.${dataset}.caption_bandit_stats` AS stats ON stats.caption_id = bank.caption_id
      WHERE bank.is_active AND bank.caption_id IS NOT NULL
        AND NOT EXISTS (
          SELECT 1 FROM `${project}.${dataset}.active_caption_assignments` AS taken
          WHERE taken.caption_id = bank.caption_id
            AND (taken.expires_at IS NULL OR taken.expires_at > CURRENT_TIMESTAMP())
        )
        AND NOT EXISTS (
          SELECT 1 FROM `${project}.${dataset}.caption_locks` AS locks
          WHERE locks.caption_id = bank.caption_id AND locks.expires_at > CURRENT_TIMESTAMP()
        )
    ),
    -- Box and Muller (1958): a radius and an angle make two independent normals, one for each gamma draw.
    randoms AS (
      SELECT
        arm_id, d_x, d_y, 1.0 / (3.0 * SQRT(d_x)) AS c_x, 1.0 / (3.0 * SQRT(d_y)) AS c_y,
        SQRT(-2.0 * LN(1.0 - RAND())) AS r_1, 6.283185307179586 * RAND() AS angle_1, 1.0 - RAND() AS u_x1, 1.0 - RAND() AS u_y1,
        SQRT(-2.0 * LN(1.0 - RAND())) AS r_2, 6.283185307179586 * RAND() AS angle_2, 1.0 - RAND() AS u_x2, 1.0 - RAND() AS u_y2,
        SQRT(-2.0 * LN(1.0 - RAND())) AS r_3, 6.283185307179586 * RAND() AS angle_3, 1.0 - RAND() AS u_x3, 1.0 - RAND() AS u_y3,
        SQRT(-2.0 * LN(1.0 - RAND())) AS r_4, 6.283185307179586 * RAND() AS angle_4, 1.0 - RAND() AS u_x4, 1.0 - RAND() AS u_y4
      FROM arms
    ),
    roots AS (
      SELECT
        arm_id, d_x, d_y, u_x1, u_y1, u_x2, u_y2, u_x3, u_y3, u_x4, u_y4,
        1.0 + c_x * r_1 * COS(angle_1) AS x_1, 1.0 + c_y * r_1 * SIN(angle_1) AS y_1,
        1.0 + c_x * r_2 * COS(angle_2) AS x_2, 1.0 + c_y * r_2 * SIN(angle_2) AS y_2,
        1.0 + c_x * r_3 * COS(angle_3) AS x_3, 1.0 + c_y * r_3 * SIN(angle_3) AS y_3,
        1.0 + c_x * r_4 * COS(angle_4) AS x_4, 1.0 + c_y * r_4 * SIN(angle_4) AS y_4
      FROM randoms
    ),
    draws AS (
      SELECT
        arm_id,
        COALESCE(
          `${project}.${dataset}.gamma_candidate`(d_x, x_1, u_x1),
          `${project}.${dataset}.gamma_candidate`(d_x, x_2, u_x2),
          `${project}.${dataset}.gamma_candidate`(d_x, x_3, u_x3),
          `${project}.${dataset}.gamma_candidate`(d_x, x_4, u_x4)) AS x,
        COALESCE(
          `${project}.${dataset}.gamma_candidate`(d_y, y_1, u_y1),
          `${project}.${dataset}.gamma_candidate`(d_y, y_2, u_y2),
          `${project}.${dataset}.gamma_candidate`(d_y, y_3, u_y3),
          `${project}.${dataset}.gamma_candidate`(d_y, y_4, u_y4)) AS y
      FROM roots
    )
    SELECT arm_id FROM draws ORDER BY y / x NULLS LAST, arm_id LIMIT 1
  );
END;
