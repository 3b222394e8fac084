-- SPDX-License-Identifier: GPL-3.0-or-later
-- A kind of query that has become slow hides behind a mean of many that are fast. Queries that differ in their literals only
-- are of one kind: by BigQuery's hash where it has one, by their text without literals where it has none.
-- Which queries count, and how their hours are compared: 10-query-performance. The interval of each kind is that of
-- docs/criteria.md, with the error 0.05 shared among the kinds that are compared; what is later than @until is left out.
-- verify: query-kinds
WITH own_scripts AS (
  SELECT job_id
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 8 DAY)
    AND statement_type = 'SCRIPT'
    AND EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
), jobs AS (
  SELECT
    creation_time >= @since AS is_after,
    MOD(DIV(TIMESTAMP_DIFF(creation_time, TIMESTAMP_SUB(@since, INTERVAL 7 DAY), SECOND), 3600), 24) AS hour,
    LN(GREATEST(TIMESTAMP_DIFF(end_time, start_time, MILLISECOND) / 1000, 0.001)) AS logarithm,
    query,
    COALESCE(
      query_info.query_hashes.normalized_literals,
      TO_HEX(MD5(REGEXP_REPLACE(query, r"'[^']*'|\b[0-9]+(\.[0-9]+)?\b", '?')))
    ) AS kind
  FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS
  WHERE creation_time >= TIMESTAMP_SUB(@since, INTERVAL 7 DAY)
    AND creation_time < LEAST(@until, CURRENT_TIMESTAMP())
    AND job_type = 'QUERY'
    AND statement_type IS DISTINCT FROM 'SCRIPT'
    AND NOT EXISTS (SELECT 1 FROM UNNEST(labels) AS label WHERE label.key = 'eros-deployment')
    AND IFNULL(parent_job_id, '') NOT IN (SELECT job_id FROM own_scripts)
    AND state = 'DONE'
    AND error_result IS NULL
    AND cache_hit IS NOT TRUE
    AND EXISTS (SELECT 1 FROM UNNEST(referenced_tables) AS referenced WHERE referenced.dataset_id = '${dataset}')
), hours AS (
  SELECT
    kind,
    ANY_VALUE(query) AS query,
    COUNTIF(is_after) AS n_after,
    COUNTIF(NOT is_after) AS n_before,
    AVG(IF(is_after, logarithm, NULL)) AS log_after,
    AVG(IF(is_after, NULL, logarithm)) AS log_before,
    IFNULL(VAR_SAMP(IF(is_after, logarithm, NULL)), 0) * (COUNTIF(is_after) - 1) AS squares_after,
    IFNULL(VAR_SAMP(IF(is_after, NULL, logarithm)), 0) * (COUNTIF(NOT is_after) - 1) AS squares_before
  FROM jobs
  GROUP BY kind, hour
), compared AS (
  -- Variances start from 0.25 with the weight of ten queries.
  SELECT
    ANY_VALUE(query) AS query,
    SUM(n_after) AS n_after,
    SAFE_DIVIDE(POW(SUM(n_after), 2), SUM(POW(n_after, 2) / n_before)) AS worth_before,
    SUM(n_after * (log_after - log_before)) / SUM(n_after) AS difference,
    (2.5 + SUM(squares_after)) / (10 + SUM(n_after - 1)) AS variance_after,
    (2.5 + SUM(squares_before)) / (10 + SUM(n_before - 1)) AS variance_before
  FROM hours
  WHERE n_after > 0 AND n_before > 0
  GROUP BY kind
), judged AS (
  SELECT
    query, difference,
    1 / (variance_after / n_after + variance_before / worth_before) AS information,
    -2 * LN(0.05 / COUNT(*) OVER ()) AS doubt
  FROM compared
  WHERE n_after >= 20 AND worth_before >= 20
), bounded AS (
  SELECT
    query, difference,
    difference - SQRT(
      (information + 1000 / (doubt + LN(1 + doubt)))
      * (LN(1 + information * (doubt + LN(1 + doubt)) / 1000) + doubt)
    ) / information AS low
  FROM judged
)
SELECT
  (SELECT COUNT(DISTINCT kind) FROM jobs WHERE is_after) AS kinds,
  COUNT(*) AS kinds_compared,
  COUNTIF(low > LN(1.5)) AS slower_kinds,
  ROUND(100 * EXP(MAX_BY(difference, low)) - 100, 1) AS slowest_percent,
  ROUND(100 * EXP(MAX(low)) - 100, 1) AS slowest_low_percent,
  SUBSTR(REGEXP_REPLACE(MAX_BY(query, low), r'\s+', ' '), 1, 120) AS slowest_query
FROM bounded
