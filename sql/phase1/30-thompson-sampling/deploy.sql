-- SPDX-License-Identifier: GPL-3.0-or-later
-- One attempt of Marsaglia and Tsang (2000), “A simple method for generating gamma variables”, for shape >= 1: a draw
-- from Gamma(shape, 1) made of a standard normal and a uniform in (0, 1], or NULL when the attempt is rejected (at most
-- one time in twenty).
CREATE OR REPLACE FUNCTION `${project}.${dataset}.gamma_candidate`(shape FLOAT64, normal FLOAT64, uniform FLOAT64)
RETURNS FLOAT64
AS (
  (
    SELECT IF(t > 0.0, IF(LN(uniform) < 0.5 * normal * normal + d - d * t * t * t + 3.0 * d * LN(t), d * t * t * t, NULL), NULL)
    FROM (
      SELECT shape - 1.0 / 3.0 AS d, 1.0 + normal / SQRT(9.0 * shape - 3.0) AS t
    )
  )
);

-- The first attempt that is not rejected. All 64 are with a probability below 1e-80.
CREATE OR REPLACE FUNCTION `${project}.${dataset}.gamma_draw`(shape FLOAT64)
RETURNS FLOAT64
AS (
  (
    SELECT candidate
    FROM (
      SELECT `${project}.${dataset}.gamma_candidate`(shape, normal, uniform) AS candidate
      FROM (
        SELECT SQRT(-2.0 * LN(1.0 - RAND())) * COS(6.283185307179586 * RAND()) AS normal, 1.0 - RAND() AS uniform
        FROM UNNEST(GENERATE_ARRAY(1, 64)) AS attempt
      )
    )
    WHERE candidate IS NOT NULL
    LIMIT 1
  )
);

-- Beta(alpha, beta), alpha and beta >= 1, as the share of one gamma draw in the sum of two.
CREATE OR REPLACE FUNCTION `${project}.${dataset}.beta_draw`(alpha FLOAT64, beta FLOAT64)
RETURNS FLOAT64
AS (
  (
    SELECT x / (x + y)
    FROM (
      SELECT `${project}.${dataset}.gamma_draw`(alpha) AS x, `${project}.${dataset}.gamma_draw`(beta) AS y
    )
  )
);

-- Draws once for each caption that may be handed out, and selects the highest draw; NULL when none is free. The account's
-- size does not bear on it yet: phase 2 brings the exploration rates.
CREATE OR REPLACE PROCEDURE `${project}.${dataset}.select_caption_thompson_sampling`(
  p_account_id STRING, p_account_size STRING, OUT selected_caption_id INT64
)
BEGIN
  SET selected_caption_id = (
    WITH arms AS (
      SELECT
        bank.caption_id AS arm_id,
        -- A count that cannot be (negative, more engagements than views) must not make a shape below 1.
        CAST(GREATEST(IFNULL(stats.engagement_count, 0), 0) + 1 AS FLOAT64) AS alpha,
        CAST(GREATEST(IFNULL(stats.total_views, 0) - GREATEST(IFNULL(stats.engagement_count, 0), 0), 0) + 1 AS FLOAT64) AS beta
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
    attempts AS (
      SELECT
        arm_id, alpha, beta,
        SQRT(-2.0 * LN(1.0 - RAND())) * COS(6.283185307179586 * RAND()) AS normal_a, 1.0 - RAND() AS uniform_a,
        SQRT(-2.0 * LN(1.0 - RAND())) * COS(6.283185307179586 * RAND()) AS normal_b, 1.0 - RAND() AS uniform_b
      FROM arms
    ),
    -- Nearly every first attempt is accepted; only the others pay for gamma_draw.
    gammas AS (
      SELECT
        arm_id,
        IFNULL(`${project}.${dataset}.gamma_candidate`(alpha, normal_a, uniform_a), `${project}.${dataset}.gamma_draw`(alpha)) AS x,
        IFNULL(`${project}.${dataset}.gamma_candidate`(beta, normal_b, uniform_b), `${project}.${dataset}.gamma_draw`(beta)) AS y
      FROM attempts
    )
    SELECT arm_id FROM gammas ORDER BY x / (x + y) DESC, arm_id LIMIT 1
  );
END;
