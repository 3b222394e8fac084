-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: hostile-inputs
SELECT
  COUNTIF(is_hostile) AS hostile,
  COUNTIF(NOT is_hostile) AS harmless,
  COUNTIF(is_hostile AND passed) AS let_through,
  COUNTIF(NOT is_hostile AND NOT passed) AS turned_away
FROM (
  SELECT is_hostile, `${project}.${dataset}.validate_input`(input, max_length) AS passed
  FROM UNNEST([64]) AS max_length
  CROSS JOIN UNNEST([
    STRUCT("'; DROP TABLE caption_bank; --" AS input, TRUE AS is_hostile),
    STRUCT("1 OR 1=1", TRUE),
    STRUCT("account` UNION ALL SELECT 1", TRUE),
    STRUCT("account\n1", TRUE),
    STRUCT("account\n", TRUE),
    STRUCT("аccount", TRUE),
    STRUCT("", TRUE),
    STRUCT(CAST(NULL AS STRING), TRUE),
    STRUCT(REPEAT("a", 65), TRUE),
    STRUCT("account_1", FALSE),
    STRUCT("ACCOUNT-2", FALSE),
    STRUCT(REPEAT("a", 64), FALSE)
  ])
);

-- verify: safe-selection
BEGIN
  DECLARE v_selected INT64 DEFAULT NULL;
  DECLARE v_refused BOOL DEFAULT FALSE;
  BEGIN
    CALL `${project}.${dataset}.select_caption_safe`("x' OR '1'='1", 'micro', v_selected);
  EXCEPTION WHEN ERROR THEN
    SET v_refused = TRUE;
  END;
  SELECT v_refused AND v_selected IS NULL AS refused;
END;
