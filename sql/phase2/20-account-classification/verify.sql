-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: boundaries
SELECT
  COUNT(*) AS cases,
  COUNTIF(`${project}.${dataset}.classify_account_size`(followers, rate) IS DISTINCT FROM expected) AS wrong
FROM UNNEST([
  STRUCT(CAST(NULL AS INT64) AS followers, 0.1 AS rate, 'unknown' AS expected),
  STRUCT(-1, 0.1, 'unknown'),
  STRUCT(10, -0.1, 'unknown'),
  STRUCT(0, 0.0, 'nano'),
  STRUCT(999, 0.05, 'nano'),
  STRUCT(999, 0.050001, 'nano_high_engagement'),
  STRUCT(999, CAST(NULL AS FLOAT64), 'nano'),
  STRUCT(1000, 0.9, 'micro'),
  STRUCT(10000, 0.0, 'micro'),
  STRUCT(10001, 0.0, 'mid_tier'),
  STRUCT(100000, 0.0, 'mid_tier'),
  STRUCT(100001, 0.0, 'macro'),
  STRUCT(1000000, 0.0, 'macro'),
  STRUCT(1000001, 0.0, 'mega')
]);

-- verify: selection
-- One of those that are free, and none when none is.
BEGIN
  DECLARE v_selected INT64 DEFAULT NULL;
  CALL `${project}.${dataset}.select_caption_for_account`('eros_deploy_check', v_selected);
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
