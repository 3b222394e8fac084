-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: hostile-inputs
SELECT
  COUNTIF(is_hostile) AS hostile,
  COUNTIF(NOT is_hostile) AS harmless,
  COUNTIF(is_hostile AND passed IS DISTINCT FROM FALSE) AS let_through,
  COUNTIF(NOT is_hostile AND passed IS DISTINCT FROM TRUE) AS turned_away
FROM (
  SELECT is_hostile, `${project}.${dataset}.validate_input`(input, max_length) AS passed
  FROM (
    -- Each sign of ASCII but the 64 that are allowed, within a text that is harmless otherwise, and at either end of one.
    SELECT CONCAT(head, CODE_POINTS_TO_STRING([sign]), tail) AS input, 64 AS max_length, TRUE AS is_hostile
    FROM UNNEST(GENERATE_ARRAY(0, 127)) AS sign
    CROSS JOIN UNNEST([STRUCT('account' AS head, '1' AS tail), STRUCT('', '1'), STRUCT('account', ''), STRUCT('', '')])
    WHERE NOT REGEXP_CONTAINS('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-',
      CONCAT('\\x{', FORMAT('%x', sign), '}'))
    UNION ALL
    SELECT * FROM UNNEST([
      STRUCT("'; DROP TABLE caption_bank; --" AS input, 64 AS max_length, TRUE AS is_hostile),
      STRUCT("1 OR 1=1", 64, TRUE),
      STRUCT("account` UNION ALL SELECT 1", 64, TRUE),
      STRUCT("x\" OR \"1\"=\"1", 64, TRUE),
      STRUCT("100%", 64, TRUE),
      STRUCT("аccount", 64, TRUE),
      STRUCT("account\u200b", 64, TRUE),
      STRUCT("１", 64, TRUE),
      STRUCT("", 64, TRUE),
      STRUCT(CAST(NULL AS STRING), 64, TRUE),
      STRUCT("account", CAST(NULL AS INT64), TRUE),
      STRUCT(REPEAT("a", 65), 64, TRUE),
      STRUCT("ab", 1, TRUE),
      STRUCT("account_1", 64, FALSE),
      STRUCT("ACCOUNT-2", 64, FALSE),
      STRUCT("7", 1, FALSE),
      STRUCT("ABCDEFGHIJKLMNOPQRSTUVWXYZ_-abcdefghijklmnopqrstuvwxyz0123456789", 64, FALSE),
      STRUCT(REPEAT("a", 64), 64, FALSE)
    ])
  )
);

-- verify: safe-selection
-- Either value of a caller is refused with the reason, and one that is harmless is not; nothing becomes part of a statement.
BEGIN
  DECLARE v_hostile ARRAY<STRING> DEFAULT ["x' OR '1'='1", "micro; SELECT 1", "micro`", "micro\"", "micro%", "micro\n", "", REPEAT("a", 129)];
  DECLARE v_selected, v_refused, v_calls, v_i INT64 DEFAULT 0;
  DECLARE v_accepted BOOL DEFAULT TRUE;
  WHILE v_i < ARRAY_LENGTH(v_hostile) DO
    BEGIN
      CALL `${project}.${dataset}.select_caption_safe`(v_hostile[OFFSET(v_i)], 'micro', v_selected);
    EXCEPTION WHEN ERROR THEN
      SET v_refused = v_refused + IF(STRPOS(@@error.message, 'may only have letters') > 0, 1, 0);
    END;
    BEGIN
      CALL `${project}.${dataset}.select_caption_safe`('eros_deploy_check', v_hostile[OFFSET(v_i)], v_selected);
    EXCEPTION WHEN ERROR THEN
      SET v_refused = v_refused + IF(STRPOS(@@error.message, 'may only have letters') > 0, 1, 0);
    END;
    SET v_calls = v_calls + 2;
    SET v_i = v_i + 1;
  END WHILE;
  SET v_selected = NULL;
  BEGIN
    CALL `${project}.${dataset}.select_caption_safe`('eros_deploy_check', 'micro', v_selected);
  EXCEPTION WHEN ERROR THEN
    SET v_accepted = FALSE;
  END;
  SELECT
    v_calls AS calls,
    v_calls - v_refused AS let_through,
    v_accepted AS accepted,
    v_selected IS NOT NULL OR NOT EXISTS (
      SELECT 1 FROM `${project}.${dataset}.caption_bank` AS bank
      WHERE bank.is_active AND bank.caption_id IS NOT NULL
        AND bank.caption_id NOT IN (
          SELECT caption_id FROM `${project}.${dataset}.active_caption_assignments`
          WHERE caption_id IS NOT NULL AND (expires_at IS NULL OR expires_at > CURRENT_TIMESTAMP()))
        AND bank.caption_id NOT IN (
          SELECT caption_id FROM `${project}.${dataset}.caption_locks` WHERE expires_at > CURRENT_TIMESTAMP())
    ) AS selects,
    (
      SELECT COUNTIF(REGEXP_CONTAINS(routine_definition, r'(?i)EXECUTE\s+IMMEDIATE'))
      FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`
      WHERE routine_name IN ('select_caption_safe', 'select_caption_thompson_sampling', 'acquire_caption_lock')
    ) AS dynamic;
END;
