-- Joins, set operations, common table expressions
SELECT c.id, s.account, s.views FROM captions AS c JOIN stats AS s ON s.caption_id = c.id ORDER BY c.id, s.seen
SELECT c.id, s.account FROM captions AS c INNER JOIN stats AS s ON s.caption_id = c.id AND s.views > 10 ORDER BY 1, 2
SELECT c.id, s.account FROM captions AS c LEFT JOIN stats AS s ON s.caption_id = c.id ORDER BY 1, 2
SELECT c.id, s.account FROM captions AS c LEFT OUTER JOIN stats AS s ON s.caption_id = c.id AND s.account = 'ann' ORDER BY 1, 2
SELECT c.id, s.account FROM captions AS c RIGHT JOIN stats AS s ON s.caption_id = c.id ORDER BY 1, 2
SELECT c.id, s.account FROM captions AS c FULL JOIN stats AS s ON s.caption_id = c.id ORDER BY 1, 2
SELECT c.id, s.caption_id FROM captions AS c FULL OUTER JOIN stats AS s ON s.caption_id = c.id WHERE c.id IS NULL OR s.caption_id IS NULL ORDER BY 1, 2
SELECT COUNT(*) FROM captions CROSS JOIN stats
SELECT COUNT(*) FROM captions, stats, accounts
SELECT c.id, a.name FROM captions c, accounts a WHERE c.id = a.followers / 500 ORDER BY 1
SELECT s.caption_id, a.name, a.followers FROM stats AS s JOIN accounts AS a ON a.name = s.account ORDER BY s.caption_id, a.name, s.views
SELECT c.id, s.views, a.followers FROM captions c JOIN stats s ON s.caption_id = c.id LEFT JOIN accounts a ON a.name = s.account ORDER BY c.id, s.seen
SELECT * FROM (SELECT 1 AS k, 'a' AS v) JOIN (SELECT 1 AS k, 'b' AS w) USING (k)
SELECT k, v, w FROM (SELECT 1 AS k, 'a' AS v UNION ALL SELECT 2, 'c') LEFT JOIN (SELECT 1 AS k, 'b' AS w) USING (k) ORDER BY k
SELECT k, v, w FROM (SELECT 1 AS k, 'a' AS v) RIGHT JOIN (SELECT 1 AS k, 'b' AS w UNION ALL SELECT 3, 'd') USING (k) ORDER BY k
SELECT k, v, w FROM (SELECT 1 AS k, 'a' AS v UNION ALL SELECT 2, 'c') FULL JOIN (SELECT 1 AS k, 'b' AS w UNION ALL SELECT 3, 'd') USING (k) ORDER BY k
SELECT l.k AS a, r.k AS b FROM (SELECT 1 AS k) AS l LEFT JOIN (SELECT 2 AS k) AS r USING (k)
SELECT a.name AS a, b.name AS b FROM accounts a JOIN accounts b ON a.followers < b.followers ORDER BY 1, 2
SELECT a.id AS a, b.id AS b FROM captions a JOIN captions b ON a.body = b.body AND a.id < b.id
SELECT a.price, b.id FROM captions a JOIN captions b ON a.price = b.price ORDER BY 1, 2
SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 1 ORDER BY x
SELECT 1 AS x UNION DISTINCT SELECT 2 UNION DISTINCT SELECT 1 ORDER BY x
SELECT id FROM captions INTERSECT DISTINCT SELECT caption_id FROM stats ORDER BY id
SELECT id FROM captions EXCEPT DISTINCT SELECT caption_id FROM stats ORDER BY id
SELECT caption_id FROM stats EXCEPT DISTINCT SELECT id FROM captions ORDER BY 1
(SELECT 1 AS x UNION ALL SELECT 2) UNION ALL SELECT 3 ORDER BY x DESC
SELECT x FROM ((SELECT 1 AS x UNION ALL SELECT 2) EXCEPT DISTINCT SELECT 2)
SELECT 1 AS x UNION ALL SELECT 2.5 ORDER BY x
SELECT NULL AS x UNION ALL SELECT 'a' ORDER BY x
SELECT CAST('nan' AS FLOAT64) AS x UNION DISTINCT SELECT CAST('nan' AS FLOAT64)
SELECT NULL AS x UNION DISTINCT SELECT NULL
SELECT category FROM captions UNION DISTINCT SELECT account FROM stats ORDER BY 1
(SELECT id FROM captions ORDER BY id DESC LIMIT 2) UNION ALL (SELECT id FROM captions ORDER BY id LIMIT 1) ORDER BY id
SELECT 1, 'a' UNION ALL SELECT 2, 'b' ORDER BY 1 DESC
SELECT DATE '2024-01-01' AS d UNION ALL SELECT DATETIME '2024-01-02 03:04:05' ORDER BY d
SELECT 1 AS x UNION ALL SELECT NUMERIC '1.5' ORDER BY x
WITH t AS (SELECT 1 AS x) SELECT x + 1 AS y FROM t
WITH a AS (SELECT 1 AS x UNION ALL SELECT 2), b AS (SELECT x * 10 AS y FROM a) SELECT x, y FROM a, b ORDER BY x, y
WITH a AS (SELECT id, category FROM captions WHERE active), b AS (SELECT category, COUNT(*) AS n FROM a GROUP BY category) SELECT * FROM b ORDER BY n DESC, category
WITH t AS (SELECT 1 AS x) SELECT * FROM t UNION ALL SELECT * FROM t
WITH t AS (SELECT 1 AS x) SELECT (SELECT x FROM t) + (SELECT x FROM t) AS s
WITH t AS (SELECT 1 AS x) SELECT * FROM (WITH t AS (SELECT 2 AS x) SELECT * FROM t)
WITH captions AS (SELECT 99 AS id) SELECT id FROM captions
WITH t AS (SELECT [1, 2] AS a) SELECT x FROM t, t.a AS x ORDER BY x
WITH t AS (SELECT * FROM captions) SELECT COUNT(*) AS n, COUNT(price) AS p FROM t
SELECT * FROM (SELECT 1 AS x), (SELECT 2 AS y)
SELECT x, y FROM (SELECT 1 AS x) JOIN (SELECT 2 AS y) ON x < y
SELECT x, y FROM (SELECT 1 AS x) LEFT JOIN (SELECT 2 AS y) ON FALSE
SELECT t1.x FROM (SELECT 1 AS x) t1 JOIN (SELECT 1 AS x) t2 ON t1.x = t2.x JOIN (SELECT 1 AS x) t3 ON t3.x = t2.x
SELECT c.id FROM captions c JOIN UNNEST([1, 3, 5]) AS k ON k = c.id ORDER BY c.id
SELECT c.id, t FROM captions c LEFT JOIN c.tags AS t ON t = 'fr' WHERE c.id IN (1, 4) ORDER BY c.id, t
SELECT c.id, x.n FROM captions c JOIN (SELECT caption_id, SUM(views) AS n FROM stats GROUP BY caption_id) x ON x.caption_id = c.id ORDER BY 1
SELECT account, caption_id FROM stats s WHERE views = (SELECT MAX(views) FROM stats t WHERE t.account = s.account) ORDER BY account, caption_id
SELECT c.category, (SELECT AS STRUCT MAX(s.views) AS m, COUNT(*) AS n FROM stats s WHERE s.caption_id = c.id) AS best FROM captions c WHERE c.id < 3 ORDER BY c.id
SELECT (c.id, c.category) IN ((1, 'greeting'), (3, 'urgent')) AS found FROM captions c ORDER BY c.id
SELECT a.name FROM accounts a WHERE (SELECT COUNT(*) FROM stats s WHERE s.account = a.name AND s.views > (SELECT MIN(views) FROM stats)) > 1 ORDER BY 1
