-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whether a text from outside is an identifier: letters, digits, underscore and hyphen of ASCII, nothing else, and no
-- longer than max_length. A missing text, an empty one and a missing limit do not pass.
CREATE OR REPLACE FUNCTION `${project}.${dataset}.validate_input`(input STRING, max_length INT64)
RETURNS BOOL
AS (
  IFNULL(REGEXP_CONTAINS(input, r'\A[A-Za-z0-9_-]+\z') AND CHAR_LENGTH(input) <= max_length, FALSE)
);

-- Every value stays a value: nothing a caller sends becomes part of a statement's text.
CREATE OR REPLACE PROCEDURE `${project}.${dataset}.select_caption_safe`(
  p_account_id STRING, p_account_size STRING, OUT selected_caption_id INT64
)
BEGIN
  DECLARE v_account_limit INT64 DEFAULT 128;
  DECLARE v_size_limit INT64 DEFAULT 32;
  IF NOT `${project}.${dataset}.validate_input`(p_account_id, v_account_limit) THEN
    RAISE USING MESSAGE = 'The account id may only have letters, digits, underscores and hyphens, 128 at most';
  END IF;
  IF NOT `${project}.${dataset}.validate_input`(p_account_size, v_size_limit) THEN
    RAISE USING MESSAGE = 'The account size may only have letters, digits, underscores and hyphens, 32 at most';
  END IF;
  CALL `${project}.${dataset}.select_caption_thompson_sampling`(p_account_id, p_account_size, selected_caption_id);
END;
