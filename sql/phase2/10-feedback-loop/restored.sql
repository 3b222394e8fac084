-- SPDX-License-Identifier: GPL-3.0-or-later
-- The statistics are those of @backup_time again, and so is which observations they have counted: what was counted since
-- waits to be counted again, and what was counted then is not counted twice. Observations that came since are kept.
-- One statement may read a table as it is or as it was, not both: hence the temporary table. Rows that are alike in all
-- columns count together.
IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`
  WHERE table_name = 'caption_performance_log'
) THEN
  IF EXISTS (
    SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`
    WHERE table_name = 'caption_performance_log_kept_${stamp}'
  ) THEN
    CREATE TEMP TABLE counted_then AS
    SELECT TO_JSON_STRING(STRUCT(caption_id, account_id, engaged, observed_at)) AS observation, COUNT(*) AS n
    FROM `${project}.${dataset}.caption_performance_log_kept_${stamp}`
    WHERE processed
    GROUP BY observation;
  ELSEIF @backup_time < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY) THEN
    RAISE USING MESSAGE = 'Which observations had been counted when the backup was taken was not kept with it, and time travel '
      || 'reaches back seven days only. Set “processed” in caption_performance_log by hand: to FALSE for those that were '
      || 'counted later';
  ELSE
    CREATE TEMP TABLE counted_then AS
    SELECT TO_JSON_STRING(STRUCT(caption_id, account_id, engaged, observed_at)) AS observation, COUNT(*) AS n
    FROM `${project}.${dataset}.caption_performance_log` FOR SYSTEM_TIME AS OF @backup_time
    WHERE processed
    GROUP BY observation;
  END IF;

  BEGIN TRANSACTION;
  CREATE TEMP TABLE wrong AS
  SELECT observation, SUM(n_then) AS n_counted, SUM(n_now) AS n
  FROM (
    SELECT observation, n AS n_then, 0 AS n_counted_now, 0 AS n_now
    FROM counted_then
    UNION ALL
    SELECT TO_JSON_STRING(STRUCT(caption_id, account_id, engaged, observed_at)), 0, IF(processed, 1, 0), 1
    FROM `${project}.${dataset}.caption_performance_log`
  )
  GROUP BY observation
  HAVING SUM(n_now) > 0 AND SUM(n_counted_now) != LEAST(SUM(n_then), SUM(n_now));
  UPDATE `${project}.${dataset}.caption_performance_log`
  SET processed = FALSE
  WHERE processed AND TO_JSON_STRING(STRUCT(caption_id, account_id, engaged, observed_at)) IN (
    SELECT observation FROM wrong WHERE n_counted = 0);
  UPDATE `${project}.${dataset}.caption_performance_log`
  SET processed = TRUE
  WHERE processed IS NOT TRUE AND TO_JSON_STRING(STRUCT(caption_id, account_id, engaged, observed_at)) IN (
    SELECT observation FROM wrong WHERE n_counted >= n);
  -- Of rows that are alike some are counted and some are not: no UPDATE tells them apart.
  CREATE TEMP TABLE alike AS
  SELECT log.* REPLACE (
    ROW_NUMBER() OVER (
      PARTITION BY TO_JSON_STRING(STRUCT(log.caption_id, log.account_id, log.engaged, log.observed_at))) <= wrong.n_counted
    AS processed)
  FROM `${project}.${dataset}.caption_performance_log` AS log
  JOIN (SELECT * FROM wrong WHERE n_counted > 0 AND n_counted < n) AS wrong
  ON wrong.observation = TO_JSON_STRING(STRUCT(log.caption_id, log.account_id, log.engaged, log.observed_at));
  DELETE FROM `${project}.${dataset}.caption_performance_log`
  WHERE TO_JSON_STRING(STRUCT(caption_id, account_id, engaged, observed_at)) IN (
    SELECT observation FROM wrong WHERE n_counted > 0 AND n_counted < n);
  INSERT INTO `${project}.${dataset}.caption_performance_log` SELECT * FROM alike;
  COMMIT TRANSACTION;
END IF;
