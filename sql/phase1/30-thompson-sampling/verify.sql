-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: selection
BEGIN
  DECLARE v_selected INT64 DEFAULT NULL;
  CALL `${project}.${dataset}.select_caption_thompson_sampling`('eros_deploy_check', 'micro', v_selected);
  SELECT
    v_selected AS selected,
    EXISTS (
      SELECT 1 FROM `${project}.${dataset}.caption_bank` AS bank WHERE bank.caption_id = v_selected AND bank.is_active
    )
    AND NOT EXISTS (
      SELECT 1 FROM `${project}.${dataset}.active_caption_assignments` AS taken
      WHERE taken.caption_id = v_selected
        AND (taken.expires_at IS NULL OR taken.expires_at > CURRENT_TIMESTAMP())
    )
    AND NOT EXISTS (
      SELECT 1 FROM `${project}.${dataset}.caption_locks` AS locks
      WHERE locks.caption_id = v_selected AND locks.expires_at > CURRENT_TIMESTAMP()
    ) AS valid;
END;

-- verify: distribution
-- Beta(21, 81) has mean 21/102 and variance 21·81/(102²·103); the standard error of a sample variance is about
-- variance·√(2/(n − 1)) for a distribution this close to normal.
SELECT
  COUNT(*) AS draws,
  COUNTIF(draw IS NULL OR draw < 0 OR draw > 1) AS outside,
  ABS(AVG(draw) - 21 / 102) / SQRT(21 * 81 / (102 * 102 * 103) / COUNT(*)) AS mean_error,
  ABS(VAR_SAMP(draw) / (21 * 81 / (102 * 102 * 103)) - 1) / SQRT(2 / (COUNT(*) - 1)) AS variance_error
FROM (
  SELECT `${project}.${dataset}.beta_draw`(alpha, beta) AS draw
  FROM UNNEST([STRUCT(21.0 AS alpha, 81.0 AS beta)])
  CROSS JOIN UNNEST(GENERATE_ARRAY(1, 2000)) AS one
);
