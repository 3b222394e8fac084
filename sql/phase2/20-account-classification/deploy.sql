-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE IF NOT EXISTS `${project}.${dataset}.account_metrics` (
  account_id STRING NOT NULL,
  follower_count INT64,
  avg_engagement_rate FLOAT64 OPTIONS (description = 'Between 0 and 1'),
  total_posts INT64,
  account_age_days INT64,
  account_size_category STRING OPTIONS (description = 'As classify_account_size says'),
  last_updated TIMESTAMP
)
PARTITION BY DATE(last_updated)
OPTIONS (description = 'One row an account: how big it is', labels = [('made_by', 'eros_deploy')]);

-- Each size ends with its upper bound: 10,000 followers are micro still, 100,000 mid_tier, 1,000,000 macro; nano ends
-- below 1,000.
CREATE OR REPLACE FUNCTION `${project}.${dataset}.classify_account_size`(
  follower_count INT64, avg_engagement_rate FLOAT64
)
RETURNS STRING
AS (
  CASE
    WHEN follower_count IS NULL OR follower_count < 0 OR avg_engagement_rate < 0 THEN 'unknown'
    WHEN follower_count < 1000 AND avg_engagement_rate > 0.05 THEN 'nano_high_engagement'
    WHEN follower_count < 1000 THEN 'nano'
    WHEN follower_count <= 10000 THEN 'micro'
    WHEN follower_count <= 100000 THEN 'mid_tier'
    WHEN follower_count <= 1000000 THEN 'macro'
    ELSE 'mega'
  END
);

-- How often an account of this size is shown a caption at random instead of the best draw. What is not known is treated
-- like micro, the middle of the small ones.
CREATE OR REPLACE FUNCTION `${project}.${dataset}.exploration_rate`(account_size STRING)
RETURNS FLOAT64
AS (
  CASE account_size
    WHEN 'nano' THEN 0.30
    WHEN 'nano_high_engagement' THEN 0.25
    WHEN 'micro' THEN 0.20
    WHEN 'mid_tier' THEN 0.15
    WHEN 'macro' THEN 0.10
    WHEN 'mega' THEN 0.05
    ELSE 0.20
  END
);

CREATE OR REPLACE PROCEDURE `${project}.${dataset}.select_caption_for_account`(
  p_account_id STRING, OUT selected_caption_id INT64
)
BEGIN
  DECLARE v_account_size STRING DEFAULT NULL;
  DECLARE v_account_limit INT64 DEFAULT 128;
  -- select_caption_safe says so as well, but is not called each time.
  IF NOT `${project}.${dataset}.validate_input`(p_account_id, v_account_limit) THEN
    RAISE USING MESSAGE = 'The account id may only have letters, digits, underscores and hyphens, 128 at most';
  END IF;
  SET v_account_size = IFNULL((
    SELECT `${project}.${dataset}.classify_account_size`(metrics.follower_count, metrics.avg_engagement_rate)
    FROM `${project}.${dataset}.account_metrics` AS metrics
    WHERE metrics.account_id = p_account_id
    ORDER BY metrics.last_updated DESC
    LIMIT 1
  ), 'unknown');
  IF RAND() < `${project}.${dataset}.exploration_rate`(v_account_size) THEN
    SET selected_caption_id = (
      SELECT bank.caption_id
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
        )
      ORDER BY RAND()
      LIMIT 1
    );
  ELSE
    CALL `${project}.${dataset}.select_caption_safe`(p_account_id, v_account_size, selected_caption_id);
  END IF;
END;
