-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: selection
-- The procedure is called, in a transaction that is rolled back: whenever this is cut off, nothing has happened. All captions
-- that there are are locked there, and those that it may choose from cannot exist otherwise.
BEGIN
  DECLARE v_selected, v_calls, v_valid, v_best, v_distinct, v_most INT64 DEFAULT 0;
  DECLARE v_of_one INT64 DEFAULT NULL;
  DECLARE v_unwanted, v_unseen, v_none BOOL DEFAULT NULL;
  DECLARE v_found ARRAY<INT64> DEFAULT [];
  BEGIN TRANSACTION;
  INSERT INTO `${project}.${dataset}.caption_locks` (caption_id, account_id, locked_at, expires_at, lock_id)
  SELECT caption_id, 'eros_deploy_check', CURRENT_TIMESTAMP(), TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR), 'eros_deploy_check'
  FROM `${project}.${dataset}.caption_bank` WHERE is_active AND caption_id IS NOT NULL;
  -- -1 to -6 are alike; -8 is the best, and neither the first nor the last. What looks better may not be handed out: -7 is
  -- assigned, -9 inactive, -10 nobody knows. -11 was assigned, and is the worst.
  INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, caption_text, is_active)
  SELECT id, 'eros_deploy_check', IF(id = -9, FALSE, IF(id = -10, NULL, TRUE)) FROM UNNEST(GENERATE_ARRAY(-11, -1)) AS id;
  INSERT INTO `${project}.${dataset}.caption_bandit_stats` (caption_id, total_views, engagement_count, last_updated)
  SELECT id, 400, IF(id >= -6, 40, IF(id = -8, 380, IF(id = -11, 4, 400))), CURRENT_TIMESTAMP()
  FROM UNNEST(GENERATE_ARRAY(-11, -1)) AS id;
  INSERT INTO `${project}.${dataset}.active_caption_assignments` (caption_id, account_id, assigned_at, schedule_id, expires_at)
  VALUES
    (-7, 'eros_deploy_check', CURRENT_TIMESTAMP(), 'eros_deploy_check', NULL),
    (-11, 'eros_deploy_check', TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 HOUR), 'eros_deploy_check',
      TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR));
  -- Whoever takes the highest draw takes -8, each time.
  WHILE v_calls < 5 DO
    SET v_calls = v_calls + 1;
    CALL `${project}.${dataset}.select_caption_thompson_sampling`('eros_deploy_check', 'micro', v_selected);
    SET v_best = v_best + IF(v_selected = -8, 1, 0);
  END WHILE;
  -- Without it the six that are alike share what is drawn.
  UPDATE `${project}.${dataset}.caption_bank` SET is_active = FALSE WHERE caption_id = -8;
  WHILE v_calls < 19 DO
    SET v_calls = v_calls + 1;
    CALL `${project}.${dataset}.select_caption_thompson_sampling`('eros_deploy_check', 'micro', v_selected);
    SET v_valid = v_valid + IF(v_selected BETWEEN -6 AND -1, 1, 0);
    SET v_found = ARRAY_CONCAT(v_found, [IFNULL(v_selected, 0)]);
  END WHILE;
  SET (v_distinct, v_most) = (
    SELECT AS STRUCT COUNT(*), MAX(n) FROM (SELECT COUNT(*) AS n FROM UNNEST(v_found) AS one GROUP BY one));
  -- One that was assigned and is no more, and one that nobody has seen yet, may be handed out; when none is free, none is.
  UPDATE `${project}.${dataset}.caption_bank` SET is_active = FALSE WHERE caption_id BETWEEN -6 AND -1;
  CALL `${project}.${dataset}.select_caption_thompson_sampling`('eros_deploy_check', 'micro', v_of_one);
  DELETE FROM `${project}.${dataset}.caption_bandit_stats` WHERE caption_id = -11;
  CALL `${project}.${dataset}.select_caption_thompson_sampling`('eros_deploy_check', 'micro', v_selected);
  SET v_unseen = v_selected = -11;
  UPDATE `${project}.${dataset}.caption_bank` SET is_active = FALSE WHERE caption_id = -11;
  CALL `${project}.${dataset}.select_caption_thompson_sampling`('eros_deploy_check', 'micro', v_selected);
  SET v_none = v_selected IS NULL;
  ROLLBACK TRANSACTION;
  SELECT
    v_best AS best,
    v_valid AS valid,
    v_distinct AS different,
    v_most AS most,
    IFNULL(v_of_one = -11 AND v_unseen, FALSE) AS free_is_free,
    v_none AS none_is_none;
END;

-- verify: live
-- And with the captions that there are: one of those that are free, and none when none is.
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

-- verify: candidates
-- What Marsaglia and Tsang accept, and what they reject: d, root, uniform, and the draw, computed by hand.
SELECT
  COUNT(*) AS cases,
  COUNTIF(IFNULL(ABS(`${project}.${dataset}.gamma_candidate`(d, root, uniform) - expected) > 1e-12, FALSE)
    OR (`${project}.${dataset}.gamma_candidate`(d, root, uniform) IS NULL) != (expected IS NULL)) AS wrong
FROM UNNEST([
  STRUCT(2.0 / 3.0 AS d, 1.0 AS root, 0.999 AS uniform, 2.0 / 3.0 AS expected),
  STRUCT(2.0 / 3.0, 2.0, 0.5, 16.0 / 3.0),
  STRUCT(2.0 / 3.0, 2.0, 0.99, CAST(NULL AS FLOAT64)),
  STRUCT(20.0, 1.1, 0.9, 26.62),
  STRUCT(20.0, 1.5, 0.9999, CAST(NULL AS FLOAT64)),
  STRUCT(20.0, 0.5, 0.5, CAST(NULL AS FLOAT64)),
  STRUCT(20.0, 0.0, 0.5, CAST(NULL AS FLOAT64)),
  STRUCT(20.0, -0.5, 0.000001, CAST(NULL AS FLOAT64))
]);

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
