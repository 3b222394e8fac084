-- Grouping and aggregates
SELECT COUNT(*), COUNT(price), COUNT(DISTINCT price), COUNTIF(active), SUM(id), AVG(id), MIN(id), MAX(id) FROM captions
SELECT category, COUNT(*) AS n FROM captions GROUP BY category ORDER BY category
SELECT category, COUNT(*) AS n FROM captions GROUP BY 1 ORDER BY 2 DESC, 1
SELECT category AS c, active AS a, COUNT(*) FROM captions GROUP BY c, a ORDER BY c, a
SELECT category, COUNT(*) AS n FROM captions GROUP BY category HAVING n > 1 ORDER BY 1
SELECT category, COUNT(*) AS n FROM captions GROUP BY category HAVING COUNT(price) > 1 ORDER BY 1
SELECT category FROM captions GROUP BY category HAVING LOGICAL_OR(active) ORDER BY 1
SELECT EXTRACT(YEAR FROM day) AS y, EXTRACT(MONTH FROM day) AS m, COUNT(*) AS n FROM captions GROUP BY y, m ORDER BY y, m
SELECT price, COUNT(*) AS n FROM captions GROUP BY price ORDER BY price
SELECT account, SUM(views) AS v, SUM(engaged) AS e, SAFE_DIVIDE(SUM(engaged), SUM(views)) AS rate FROM stats GROUP BY account ORDER BY account
SELECT account, AVG(views) AS v FROM stats GROUP BY account ORDER BY v, account
SELECT caption_id, MIN(seen), MAX(seen), COUNT(DISTINCT account) FROM stats GROUP BY caption_id ORDER BY caption_id
SELECT account, STRING_AGG(CAST(caption_id AS STRING), ',' ORDER BY caption_id DESC) AS ids FROM stats GROUP BY account ORDER BY account
SELECT STRING_AGG(category ORDER BY id) FROM captions
SELECT STRING_AGG(DISTINCT category ORDER BY category) FROM captions
SELECT STRING_AGG(category, ' | ' ORDER BY id DESC LIMIT 3) FROM captions
SELECT STRING_AGG(body, NULL) FROM nothing AS n CROSS JOIN captions
SELECT ARRAY_AGG(id ORDER BY id DESC) FROM captions
SELECT ARRAY_AGG(category IGNORE NULLS ORDER BY id) FROM captions
SELECT ARRAY_AGG(DISTINCT category IGNORE NULLS ORDER BY category LIMIT 2) FROM captions
SELECT ARRAY_AGG(price ORDER BY price DESC LIMIT 4) FROM captions WHERE price IS NOT NULL
SELECT ARRAY_AGG(STRUCT(id, category) ORDER BY id LIMIT 2) FROM captions
SELECT category, ARRAY_AGG(id ORDER BY id) AS ids FROM captions GROUP BY category ORDER BY category
SELECT ARRAY_CONCAT_AGG(tags ORDER BY id) FROM captions
SELECT ARRAY_AGG(x) FROM nothing
SELECT SUM(x), AVG(x), COUNT(x), MIN(y), MAX(y), STRING_AGG(y), COUNTIF(x > 1), LOGICAL_AND(x > 1), BIT_OR(x), STDDEV(x) FROM nothing
SELECT y, COUNT(*) FROM nothing GROUP BY y
SELECT LOGICAL_AND(active), LOGICAL_OR(active), BIT_AND(id), BIT_OR(id), BIT_XOR(id) FROM captions
SELECT MIN(body), MAX(body), MIN(day), MAX(day), MIN(created), MAX(created), MIN(active), MAX(active) FROM captions
SELECT MIN(price), MAX(price) FROM captions
SELECT MIN(price), MAX(price), SUM(price), AVG(price) FROM captions WHERE id < 6
SELECT SUM(price), AVG(price) FROM captions
SELECT VAR_POP(views), VAR_SAMP(views), VARIANCE(views), STDDEV_POP(views), STDDEV_SAMP(views), STDDEV(views) FROM stats
SELECT CORR(views, engaged), COVAR_POP(views, engaged), COVAR_SAMP(views, engaged) FROM stats
SELECT VAR_SAMP(x), VAR_POP(x), STDDEV(x), CORR(x, x) FROM (SELECT 1 AS x)
SELECT SUM(NUMERIC '0.1'), AVG(NUMERIC '0.1'), SUM(CAST(id AS NUMERIC) / 3), SUM(CAST(id AS BIGNUMERIC)) FROM captions
SELECT ANY_VALUE(category) IS NOT NULL FROM captions WHERE category = 'season'
SELECT ANY_VALUE(body HAVING MAX id), ANY_VALUE(id HAVING MIN price) FROM captions WHERE price < 1e9
SELECT MAX(id HAVING MIN day), SUM(id HAVING MAX category) FROM captions
SELECT SUM(DISTINCT id), COUNT(DISTINCT category), AVG(DISTINCT price) FROM captions WHERE id <> 6 AND id <> 7
SELECT COUNT(DISTINCT IF(active, category, NULL)) FROM captions
SELECT COUNT(*) + 1, SUM(id) / COUNT(*), MAX(id) - MIN(id) FROM captions
SELECT category, COUNT(*) * 2 AS twice, UPPER(category) AS u FROM captions GROUP BY category ORDER BY twice, category
SELECT LENGTH(body) AS l, COUNT(*) AS n FROM captions GROUP BY l ORDER BY l
SELECT MOD(id, 3) AS m, ARRAY_AGG(id ORDER BY id) AS ids FROM captions GROUP BY MOD(id, 3) ORDER BY m
SELECT category, active, COUNT(*) AS n FROM captions GROUP BY ROLLUP (category, active) ORDER BY category, active, n
SELECT account, SUM(views) AS v FROM stats GROUP BY ROLLUP (account) ORDER BY account, v
SELECT COUNT(*) FROM captions HAVING COUNT(*) > 100
SELECT COUNT(*) FROM captions HAVING COUNT(*) > 1
SELECT DATE_TRUNC(day, MONTH) AS m, COUNT(*) AS n, ROUND(AVG(price), 3) AS p FROM captions WHERE NOT IS_NAN(price) AND NOT IS_INF(price) GROUP BY m ORDER BY m
SELECT TIMESTAMP_TRUNC(created, DAY) AS d, COUNT(*) FROM captions GROUP BY d ORDER BY d
SELECT FORMAT_TIMESTAMP('%Y-%m', created) AS ym, COUNT(*) FROM captions GROUP BY ym ORDER BY ym
SELECT tag, COUNT(*) AS n FROM captions, UNNEST(tags) AS tag GROUP BY tag ORDER BY n DESC, tag
SELECT tag, COUNT(DISTINCT id) AS n FROM captions, UNNEST(tags) AS tag GROUP BY tag HAVING n > 1 ORDER BY tag
SELECT s.account, a.followers, SUM(s.views) AS v FROM stats s JOIN accounts a ON a.name = s.account GROUP BY s.account, a.followers ORDER BY 1
SELECT AVG(v) FROM (SELECT account, SUM(views) AS v FROM stats GROUP BY account)
SELECT account, SUM(IF(views > 10, engaged, 0)) AS e FROM stats GROUP BY account ORDER BY account
SELECT category, MAX(price) > 1 AS dear FROM captions WHERE NOT IS_NAN(price) GROUP BY category ORDER BY category
SELECT CASE WHEN followers < 1000 THEN 'small' ELSE 'big' END AS size, COUNT(*) FROM accounts GROUP BY size ORDER BY size
SELECT COUNT(*) FROM (SELECT DISTINCT category FROM captions)
SELECT SUM(9223372036854775807) FROM UNNEST([1, 2])
SELECT SUM(x) FROM UNNEST([9223372036854775807, 1, -1]) AS x
SELECT AVG(x) FROM UNNEST([9223372036854775807, 9223372036854775807]) AS x
SELECT SUM(x) FROM UNNEST([1e308, 1e308]) AS x
SELECT SUM(x) FROM UNNEST([1e308, CAST('inf' AS FLOAT64)]) AS x
SELECT SUM(x), AVG(x), MIN(x), MAX(x) FROM UNNEST([CAST('nan' AS FLOAT64), 1.0]) AS x
SELECT SUM(x) FROM UNNEST([CAST('inf' AS FLOAT64), CAST('-inf' AS FLOAT64)]) AS x
SELECT SUM(x) FROM UNNEST([NUMERIC '99999999999999999999999999999', NUMERIC '1']) AS x
SELECT COUNT(DISTINCT x) FROM UNNEST([CAST('nan' AS FLOAT64), CAST('nan' AS FLOAT64), 0.0, -0.0]) AS x
SELECT x, COUNT(*) FROM UNNEST(['a', 'A', 'a', NULL, '']) AS x GROUP BY x ORDER BY x
SELECT x, COUNT(*) FROM UNNEST([b'a', b'', NULL, b'a']) AS x GROUP BY x ORDER BY x
SELECT BIT_XOR(FARM_FINGERPRINT(body)) FROM captions
SELECT BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(s))) FROM (SELECT caption_id, account, views FROM stats) AS s
SELECT COUNT(*) AS row_count, COUNT(DISTINCT id) AS unique_captions FROM captions
SELECT ROUND((p + z * z / (2 * n) - z * SQRT((p * (1 - p) + z * z / (4 * n)) / n)) / (1 + z * z / n), 12) AS wilson FROM (SELECT views AS n, SAFE_DIVIDE(engaged, views) AS p, 1.96 AS z FROM stats WHERE views >= 10 ORDER BY views)
SELECT account, COUNTIF(engaged = 0) AS none, SAFE_DIVIDE(COUNTIF(engaged > 0), COUNT(*)) AS share FROM stats GROUP BY account ORDER BY account
SELECT ROUND(POW(SUM(views), 0.5), 9) AS r, ROUND(LN(SUM(views)), 9) AS l, ROUND(EXP(-1), 9) AS e FROM stats
