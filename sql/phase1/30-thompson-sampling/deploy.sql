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

-- The first of four attempts that is accepted. Hardly ever (six times in a million for shape 1, less for any larger) none
-- is: NULL.
CREATE OR REPLACE FUNCTION `${project}.${dataset}.gamma_draw`(
  d FLOAT64, root_1 FLOAT64, uniform_1 FLOAT64, root_2 FLOAT64, uniform_2 FLOAT64,
  root_3 FLOAT64, uniform_3 FLOAT64, root_4 FLOAT64, uniform_4 FLOAT64
)
RETURNS FLOAT64
AS (
  COALESCE(
    `${project}.${dataset}.gamma_candidate`(d, root_1, uniform_1),
    `${project}.${dataset}.gamma_candidate`(d, root_2, uniform_2),
    `${project}.${dataset}.gamma_candidate`(d, root_3, uniform_3),
    `${project}.${dataset}.gamma_candidate`(d, root_4, uniform_4))
);

-- Draws once from Beta(engagements + 1, views - engagements + 1) for each caption that may be handed out, and selects the
-- highest draw; NULL when none is free. Such a draw is x / (x + y) of two gamma draws, and highest where y / x is lowest.
-- A caption that has no draw sits this selection out, whatever its counts: the others' draws are exact all the same.
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
      WHERE bank.is_active
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
    attempts AS (
      SELECT
        arm_id, d_x, d_y, 1.0 / (3.0 * SQRT(d_x)) AS c_x, 1.0 / (3.0 * SQRT(d_y)) AS c_y,
        SQRT(-2.0 * LN(1.0 - RAND())) AS r_1, 6.283185307179586 * RAND() AS angle_1, 1.0 - RAND() AS x_1, 1.0 - RAND() AS y_1,
        SQRT(-2.0 * LN(1.0 - RAND())) AS r_2, 6.283185307179586 * RAND() AS angle_2, 1.0 - RAND() AS x_2, 1.0 - RAND() AS y_2,
        SQRT(-2.0 * LN(1.0 - RAND())) AS r_3, 6.283185307179586 * RAND() AS angle_3, 1.0 - RAND() AS x_3, 1.0 - RAND() AS y_3,
        SQRT(-2.0 * LN(1.0 - RAND())) AS r_4, 6.283185307179586 * RAND() AS angle_4, 1.0 - RAND() AS x_4, 1.0 - RAND() AS y_4
      FROM arms
    ),
    draws AS (
      SELECT
        arm_id,
        `${project}.${dataset}.gamma_draw`(
          d_x, 1.0 + c_x * r_1 * COS(angle_1), x_1, 1.0 + c_x * r_2 * COS(angle_2), x_2,
          1.0 + c_x * r_3 * COS(angle_3), x_3, 1.0 + c_x * r_4 * COS(angle_4), x_4) AS x,
        `${project}.${dataset}.gamma_draw`(
          d_y, 1.0 + c_y * r_1 * SIN(angle_1), y_1, 1.0 + c_y * r_2 * SIN(angle_2), y_2,
          1.0 + c_y * r_3 * SIN(angle_3), y_3, 1.0 + c_y * r_4 * SIN(angle_4), y_4) AS y
      FROM attempts
    )
    SELECT arm_id FROM draws WHERE x IS NOT NULL AND y IS NOT NULL ORDER BY y / x, arm_id LIMIT 1
  );
END;
