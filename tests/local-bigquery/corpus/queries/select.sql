-- Lists, stars, aliases, filters, order, limits. One statement a line.
SELECT * FROM captions ORDER BY id
SELECT id, body FROM captions WHERE active ORDER BY id
SELECT id FROM captions WHERE NOT active ORDER BY id
SELECT id FROM captions WHERE active IS NULL
SELECT id FROM captions WHERE active IS NOT TRUE ORDER BY id
SELECT * EXCEPT (body, tags, created, day) FROM captions ORDER BY id
SELECT * REPLACE (views * 10 AS views) FROM stats WHERE caption_id IS NULL
SELECT * EXCEPT (seen) REPLACE (IFNULL(views, -1) AS views, UPPER(account) AS account) FROM stats ORDER BY caption_id, account, views
SELECT * REPLACE (IFNULL(followers, -1) AS followers) FROM accounts ORDER BY name
SELECT a.*, 1 AS one FROM accounts AS a ORDER BY a.name DESC
SELECT a.* EXCEPT (secret) FROM accounts a ORDER BY followers NULLS LAST, name
SELECT captions.id, captions.price FROM captions ORDER BY price, id
SELECT id, price FROM captions ORDER BY price DESC, id
SELECT id, price FROM captions ORDER BY price ASC NULLS LAST, id DESC
SELECT id, price FROM captions ORDER BY price DESC NULLS FIRST, id
SELECT id, category FROM captions ORDER BY category, id DESC
SELECT id, category FROM captions ORDER BY 2 DESC, 1
SELECT id AS k, -id AS n FROM captions ORDER BY n
SELECT id FROM captions ORDER BY LENGTH(body), id
SELECT id FROM captions ORDER BY id LIMIT 3
SELECT id FROM captions ORDER BY id LIMIT 3 OFFSET 6
SELECT id FROM captions ORDER BY id LIMIT 0
SELECT id FROM captions ORDER BY id LIMIT 100 OFFSET 100
SELECT DISTINCT category FROM captions ORDER BY category
SELECT DISTINCT category, active FROM captions ORDER BY 1, 2
SELECT DISTINCT price FROM captions ORDER BY price
SELECT ALL category FROM captions WHERE id < 3
SELECT id FROM captions WHERE price > 1 ORDER BY id
SELECT id FROM captions WHERE price >= 0 ORDER BY id
SELECT id FROM captions WHERE price < 1 ORDER BY id
SELECT id FROM captions WHERE price <> 2.25 ORDER BY id
SELECT id FROM captions WHERE price = price ORDER BY id
SELECT id FROM captions WHERE price != price
SELECT id FROM captions WHERE IS_NAN(price) OR IS_INF(price) ORDER BY id
SELECT id FROM captions WHERE price BETWEEN -5 AND 2.25 ORDER BY id
SELECT id FROM captions WHERE price NOT BETWEEN -5 AND 2.25 ORDER BY id
SELECT id FROM captions WHERE price IN (1.5, 2.25) ORDER BY id
SELECT id FROM captions WHERE category IN ('urgent', 'season') AND active ORDER BY id
SELECT id FROM captions WHERE category NOT IN ('urgent') ORDER BY id
SELECT id FROM captions WHERE category NOT IN ('urgent', NULL)
SELECT id FROM captions WHERE category IS NULL
SELECT id FROM captions WHERE body LIKE '%an%' ORDER BY id
SELECT id FROM captions WHERE body LIKE 'L___ %' ORDER BY id
SELECT id FROM captions WHERE day = '2024-02-29' ORDER BY id
SELECT id FROM captions WHERE day >= DATE '2024-01-15' AND day < '2024-03-01' ORDER BY id
SELECT id FROM captions WHERE created >= TIMESTAMP '2024-02-29' AND created < TIMESTAMP_ADD(TIMESTAMP '2024-02-29', INTERVAL 1 DAY) ORDER BY id
SELECT id FROM captions WHERE DATE(created) = day ORDER BY id
SELECT id FROM captions WHERE EXTRACT(YEAR FROM day) = 2023
SELECT id FROM captions WHERE 'fr' IN UNNEST(tags) ORDER BY id
SELECT id, ARRAY_LENGTH(tags) AS n FROM captions ORDER BY n DESC, id
SELECT id, tags[SAFE_OFFSET(0)] AS first, tags[SAFE_ORDINAL(2)] AS second FROM captions ORDER BY id
SELECT id, ARRAY_TO_STRING(tags, '+') FROM captions ORDER BY id
SELECT id, CASE category WHEN 'urgent' THEN 1 WHEN 'season' THEN 2 ELSE 0 END AS c FROM captions ORDER BY id
SELECT id, CASE WHEN price > 2 THEN 'dear' WHEN price > 0 THEN 'cheap' END AS c FROM captions ORDER BY id
SELECT id, IF(active, 'yes', 'no') AS a FROM captions ORDER BY id
SELECT id, COALESCE(body, category, '?') AS b FROM captions ORDER BY id
SELECT 1
SELECT 1 AS a, 'b' AS b, NULL AS c, 2.5 AS d, TRUE AS e
SELECT 1, 2, 3
SELECT NULL
SELECT [1, 2, 3] AS a, ['x'] AS b, [] AS c
SELECT STRUCT(1 AS a, 'x' AS b, [1, 2] AS c) AS s
SELECT (1, 'a', TRUE) AS t
SELECT STRUCT<a INT64, b STRING>(1, 'x') AS s
SELECT STRUCT(1 AS a, STRUCT(2 AS b) AS c).c.b AS x
SELECT ARRAY<STRUCT<a INT64, b STRING>>[(1, 'x'), (2, NULL)] AS a
SELECT AS STRUCT 1 AS a, 2 AS b
SELECT AS VALUE STRUCT(1 AS a, 2 AS b)
SELECT x FROM (SELECT 1 AS x UNION ALL SELECT 2) ORDER BY x DESC
SELECT t.x.y FROM (SELECT STRUCT(5 AS y) AS x) AS t
SELECT s.* FROM (SELECT STRUCT(1 AS a, 'z' AS b) AS s)
SELECT t.s.a, t.s.b FROM (SELECT STRUCT(1 AS a, [7, 8] AS b) AS s) t
SELECT r'\d', "double", '''triple 'quoted' ''', b'\x41', '\u00e9\n\t\\', 0x1F, 1e3, .5
SELECT DATE '2024-02-29', TIME '01:02:03', DATETIME '2024-02-29 01:02:03', TIMESTAMP '2024-02-29 01:02:03+02', NUMERIC '1.50', BIGNUMERIC '-0.1', JSON '{"a": 1}'
SELECT 1 + 2 * 3 - 4, (1 + 2) * 3, -2 * -3, 7 / 2, 2 - -2
SELECT 1 < 2 AND 2 < 3 OR FALSE, NOT TRUE OR TRUE, 1 = 1 AND NOT 1 = 2
SELECT 1 | 2 & 3 ^ 1, 1 << 2 + 1, ~1 & 3
SELECT 'a' || 'b' || 'c', 'x' || CAST(1 AS STRING)
SELECT CAST('1' AS INT64) + 1, SAFE_CAST('x' AS INT64), CAST(1 AS STRING) || '0'
SELECT id FROM captions WHERE id > (SELECT AVG(id) FROM captions) ORDER BY id
SELECT id, (SELECT COUNT(*) FROM stats AS s WHERE s.caption_id = c.id) AS n FROM captions AS c ORDER BY id
SELECT id FROM captions AS c WHERE EXISTS (SELECT 1 FROM stats AS s WHERE s.caption_id = c.id) ORDER BY id
SELECT id FROM captions AS c WHERE NOT EXISTS (SELECT 1 FROM stats AS s WHERE s.caption_id = c.id AND s.views > 10) ORDER BY id
SELECT id FROM captions WHERE id IN (SELECT caption_id FROM stats) ORDER BY id
SELECT id FROM captions WHERE id NOT IN (SELECT caption_id FROM stats WHERE caption_id IS NOT NULL) ORDER BY id
SELECT id FROM captions WHERE id NOT IN (SELECT caption_id FROM stats)
SELECT (SELECT x FROM nothing) AS n, EXISTS (SELECT 1 FROM nothing) AS e
SELECT (SELECT AS STRUCT 1 AS a, 2 AS b).b
SELECT ARRAY(SELECT id FROM captions WHERE active ORDER BY id DESC) AS a
SELECT ARRAY(SELECT AS STRUCT id, category FROM captions WHERE id < 3 ORDER BY id) AS a
SELECT id, ARRAY(SELECT UPPER(t) FROM UNNEST(tags) AS t ORDER BY t) AS up FROM captions ORDER BY id
SELECT id, (SELECT STRING_AGG(t, '/' ORDER BY t) FROM UNNEST(tags) AS t) AS joined FROM captions ORDER BY id
SELECT id, (SELECT MAX(LENGTH(t)) FROM UNNEST(tags) AS t) AS longest FROM captions ORDER BY id
SELECT * FROM (SELECT id, price FROM captions WHERE price IS NOT NULL) WHERE price > 0 ORDER BY id
SELECT * FROM nothing
SELECT COUNT(*) FROM nothing
SELECT x + 1 AS y FROM nothing ORDER BY y
SELECT `captions`.`id` FROM `captions` WHERE `captions`.`id` = 1
SELECT c.id FROM captions c, UNNEST(c.tags) AS tag WHERE tag = 'short' ORDER BY c.id
SELECT id, tag, o FROM captions, UNNEST(tags) AS tag WITH OFFSET AS o ORDER BY id, o
SELECT id, tag FROM captions LEFT JOIN UNNEST(tags) AS tag ORDER BY id, tag
SELECT id, tag FROM captions CROSS JOIN captions.tags AS tag ORDER BY id, tag
SELECT x, o FROM UNNEST([10, 20, 30]) AS x WITH OFFSET o ORDER BY o DESC
SELECT * FROM UNNEST([STRUCT(1 AS a, 'x' AS b), (2, 'y')]) ORDER BY a
SELECT s.b FROM UNNEST([STRUCT(1 AS a, 'x' AS b), (2, 'y')]) AS s ORDER BY s.a DESC
SELECT x FROM UNNEST(GENERATE_ARRAY(1, 10, 4)) AS x ORDER BY x
SELECT d FROM UNNEST(GENERATE_DATE_ARRAY('2024-02-27', '2024-03-01')) AS d ORDER BY d
SELECT x FROM UNNEST(CAST(NULL AS ARRAY<INT64>)) AS x
SELECT x FROM UNNEST([1, NULL, 3]) AS x ORDER BY x
SELECT a, b FROM UNNEST([1, 2]) AS a, UNNEST([10, 20]) AS b ORDER BY a, b
SELECT id FROM captions WHERE TRUE LIMIT 0
SELECT id, body FROM captions WHERE LENGTH(body) = 0 OR body IS NULL ORDER BY id
SELECT id FROM captions WHERE REGEXP_CONTAINS(body, r'(?i)^last') ORDER BY id
SELECT id, SPLIT(body, ' ')[OFFSET(0)] AS w FROM captions WHERE body IS NOT NULL ORDER BY id
SELECT name, TO_HEX(secret) AS h FROM accounts ORDER BY name
SELECT name FROM accounts WHERE secret = b'\xff'
SELECT name FROM accounts ORDER BY secret, name
