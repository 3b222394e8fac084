-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: boundaries
SELECT
  COUNT(*) AS cases,
  COUNTIF(`${project}.${dataset}.classify_account_size`(followers, rate) != expected) AS wrong
FROM UNNEST([
  STRUCT(CAST(NULL AS INT64) AS followers, 0.1 AS rate, 'unknown' AS expected),
  STRUCT(-1, 0.1, 'unknown'),
  STRUCT(10, -0.1, 'unknown'),
  STRUCT(0, 0.0, 'nano'),
  STRUCT(999, 0.05, 'nano'),
  STRUCT(999, 0.050001, 'nano_high_engagement'),
  STRUCT(999, CAST(NULL AS FLOAT64), 'nano'),
  STRUCT(1000, 0.9, 'micro'),
  STRUCT(9999, 0.0, 'micro'),
  STRUCT(10000, 0.0, 'mid_tier'),
  STRUCT(99999, 0.0, 'mid_tier'),
  STRUCT(100000, 0.0, 'macro'),
  STRUCT(999999, 0.0, 'macro'),
  STRUCT(1000000, 0.0, 'mega')
]);

-- verify: selection
BEGIN
  DECLARE v_selected INT64 DEFAULT NULL;
  CALL `${project}.${dataset}.select_caption_for_account`('eros_deploy_check', v_selected);
  SELECT
    v_selected AS selected,
    EXISTS (
      SELECT 1 FROM `${project}.${dataset}.caption_bank` AS bank WHERE bank.caption_id = v_selected AND bank.is_active
    ) AS valid;
END;
