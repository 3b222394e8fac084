-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: selection
-- One of those that are free, and none when none is.
BEGIN
  DECLARE v_selected INT64 DEFAULT NULL;
  CALL `${project}.${dataset}.select_caption_thompson_sampling`('eros_deploy_check', 'micro', v_selected);
  SELECT
    v_selected AS selected,
    COUNT(*) AS free_captions,
    IF(COUNT(*) = 0, v_selected IS NULL, COUNTIF(bank.caption_id = v_selected) > 0) AS valid
  FROM `${project}.${dataset}.caption_bank` AS bank
  WHERE bank.is_active AND bank.caption_id IS NOT NULL
    AND NOT EXISTS (
      SELECT 1 FROM `${project}.${dataset}.active_caption_assignments` AS taken
      WHERE taken.caption_id = bank.caption_id
        AND (taken.expires_at IS NULL OR taken.expires_at > CURRENT_TIMESTAMP())
    )
    AND NOT EXISTS (
      SELECT 1 FROM `${project}.${dataset}.caption_locks` AS locks
      WHERE locks.caption_id = bank.caption_id AND locks.expires_at > CURRENT_TIMESTAMP()
    );
END;

-- verify: distribution
-- Beta(21, 81) has mean 21/102 and variance 21·81/(102²·103); the standard error of a sample variance is about
-- variance·√(2/(n − 1)) for a distribution this close to normal. Drawn as the procedure draws.
WITH arms AS (
  SELECT attempt AS arm_id, 21 - 1.0 / 3.0 AS d_x, 81 - 1.0 / 3.0 AS d_y FROM UNNEST(GENERATE_ARRAY(1, 2000)) AS attempt
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
),
betas AS (
  SELECT x / (x + y) AS draw FROM draws
)
SELECT
  COUNT(draw) AS draws,
  COUNTIF(draw < 0 OR draw > 1) AS outside,
  ABS(AVG(draw) - 21 / 102) / SQRT(21 * 81 / (102 * 102 * 103) / COUNT(draw)) AS mean_error,
  ABS(VAR_SAMP(draw) / (21 * 81 / (102 * 102 * 103)) - 1) / SQRT(2 / (COUNT(draw) - 1)) AS variance_error
FROM betas;
