SELECT * FROM (SELECT category, price, active FROM captions) PIVOT(SUM(price) FOR active IN (TRUE, FALSE)) ORDER BY category
SELECT * FROM (SELECT category, id FROM captions) PIVOT(COUNT(*) FOR category IN ('greeting', 'urgent', 'season'))
SELECT * FROM (SELECT category, id FROM captions) PIVOT(COUNT(*) AS n, MAX(id) AS top FOR category IN ('greeting', 'urgent' AS u))
SELECT * FROM (SELECT category, id, active FROM captions) PIVOT(COUNT(id) FOR category IN ('greeting', NULL AS none)) ORDER BY active
SELECT * FROM (SELECT category, price FROM captions) AS c PIVOT(SUM(price) FOR category IN ('greeting', 'urgent', 'season')) AS p
SELECT p.greeting FROM (SELECT category, price FROM captions) AS c PIVOT(MIN(price) FOR category IN ('greeting', 'urgent')) AS p
SELECT * FROM (SELECT 'a' AS k, 1 AS y, 10 AS v UNION ALL SELECT 'a', 2, 20 UNION ALL SELECT 'b', 1, 30) PIVOT(SUM(v) FOR y IN (1, 2)) ORDER BY k
SELECT * FROM (SELECT 'a' AS k, 1 AS y, 10 AS v UNION ALL SELECT 'a', 2, 20 UNION ALL SELECT 'b', 1, 30) PIVOT(SUM(v) FOR y IN (1 AS one, 2 AS two, 3 AS three)) ORDER BY k
SELECT * FROM (SELECT 'a' AS k, 1 AS y, 10 AS v UNION ALL SELECT 'a', 2, 20 UNION ALL SELECT 'b', 1, 30) PIVOT(SUM(v) AS s FOR y IN (1, 2)) ORDER BY k
SELECT * FROM (SELECT 'a' AS k, 1 AS y, 10 AS v UNION ALL SELECT 'a', 2, 20 UNION ALL SELECT 'b', 1, 30) PIVOT(SUM(v) AS s, COUNT(v) AS c FOR y IN (1, 2)) ORDER BY k
SELECT * FROM (SELECT 'a' AS k, -1 AS y, 10 AS v UNION ALL SELECT 'a', 2, 20) PIVOT(SUM(v) FOR y IN (-1, 2)) ORDER BY k
SELECT * FROM (SELECT 'a' AS k, 1.5 AS y, 10 AS v UNION ALL SELECT 'a', 2.5, 20) PIVOT(SUM(v) FOR y IN (1.5, 2.5)) ORDER BY k
SELECT * FROM (SELECT 'a' AS k, DATE '2024-01-01' AS y, 10 AS v UNION ALL SELECT 'a', DATE '2024-02-01', 20) PIVOT(SUM(v) FOR y IN (DATE '2024-01-01', DATE '2024-02-01')) ORDER BY k
SELECT * FROM (SELECT 'a' AS k, TRUE AS y, 10 AS v) PIVOT(SUM(v) FOR y IN (TRUE, FALSE))
SELECT * FROM (SELECT 'a' AS k, NULL AS y, 10 AS v) PIVOT(SUM(v) FOR y IN (NULL, 1))
SELECT * FROM (SELECT 'x' AS y, 10 AS v) PIVOT(ARRAY_AGG(v) FOR y IN ('x', 'z'))
SELECT * FROM (SELECT 'x' AS y, 'a' AS v UNION ALL SELECT 'x', 'b') PIVOT(STRING_AGG(v ORDER BY v DESC) FOR y IN ('x', 'z'))
SELECT * FROM (SELECT 'x' AS y, 'a' AS v UNION ALL SELECT 'z', 'b') PIVOT(ANY_VALUE(v) FOR y IN ('x', 'z'))
SELECT * FROM (SELECT 'x' AS y, 10 AS v UNION ALL SELECT 'x', 20) PIVOT(SUM(v * 2) FOR y IN ('x'))
SELECT * FROM (SELECT 'x' AS y, 10 AS v UNION ALL SELECT 'x', 20) PIVOT(COUNT(DISTINCT v) FOR y IN ('x'))
SELECT * FROM (SELECT 'x' AS y, 10 AS v UNION ALL SELECT 'X', 20) PIVOT(SUM(v) FOR UPPER(y) IN ('X'))
SELECT * FROM (SELECT 'x' AS y, 10 AS v) PIVOT(SUM(v) FOR y IN ('x')) WHERE x > 5
SELECT * FROM (SELECT 'x' AS y, 10 AS v) PIVOT(v FOR y IN ('x'))
SELECT * FROM (SELECT 'x' AS y, 10 AS v) PIVOT(SUM(v) FOR w IN ('x'))
SELECT * FROM (SELECT 'x' AS y, 10 AS v) PIVOT(SUM(v) FOR y IN (1))
SELECT * FROM (SELECT 'x' AS y, 10 AS v) PIVOT(SUM(v), COUNT(v) FOR y IN ('x'))
SELECT * FROM (SELECT 'x' AS y, 10 AS v) PIVOT(SUM(v) OVER () FOR y IN ('x'))
SELECT a.x AS ax, b.x AS bx FROM (SELECT 'x' AS y, 10 AS v) PIVOT(SUM(v) FOR y IN ('x')) AS a JOIN (SELECT 'x' AS y, 10 AS v) PIVOT(SUM(v) FOR y IN ('x')) AS b ON a.x = b.x
SELECT * FROM (SELECT 1 AS id, 10 AS q1, 20 AS q2) UNPIVOT(sales FOR quarter IN (q1, q2))
SELECT * FROM (SELECT 1 AS id, 10 AS q1, NULL AS q2) UNPIVOT(sales FOR quarter IN (q1, q2))
SELECT * FROM (SELECT 1 AS id, 10 AS q1, NULL AS q2) UNPIVOT INCLUDE NULLS (sales FOR quarter IN (q1, q2))
SELECT * FROM (SELECT 1 AS id, 10 AS q1, NULL AS q2) UNPIVOT EXCLUDE NULLS (sales FOR quarter IN (q1, q2))
SELECT * FROM (SELECT 1 AS id, 10 AS q1, 20 AS q2) UNPIVOT(sales FOR quarter IN (q1 AS 'first', q2 AS 'second'))
SELECT * FROM (SELECT 1 AS id, 10 AS q1, 20 AS q2) UNPIVOT(sales FOR quarter IN (q1 AS 1, q2 AS 2))
SELECT * FROM (SELECT 1 AS id, 1 AS a, 2 AS b, 3 AS c, 4 AS d) UNPIVOT((x, y) FOR half IN ((a, b), (c, d)))
SELECT * FROM (SELECT 1 AS id, 1 AS a, 2 AS b, 3 AS c, 4 AS d) UNPIVOT((x, y) FOR half IN ((a, b) AS 'ab', (c, d) AS 'cd'))
SELECT * FROM (SELECT 1 AS id, 1 AS a, 2 AS b, NULL AS c, NULL AS d) UNPIVOT((x, y) FOR half IN ((a, b) AS 'ab', (c, d) AS 'cd'))
SELECT * FROM (SELECT 1 AS id, 1 AS a, NULL AS b, NULL AS c, 4 AS d) UNPIVOT((x, y) FOR half IN ((a, b) AS 'ab', (c, d) AS 'cd'))
SELECT id, SUM(v) AS s FROM (SELECT 1 AS id, 10 AS q1, 20 AS q2 UNION ALL SELECT 2, 5, NULL) UNPIVOT(v FOR q IN (q1, q2)) GROUP BY id ORDER BY id
SELECT u.q, u.v FROM (SELECT 1 AS id, 10 AS q1, 20 AS q2) AS s UNPIVOT(v FOR q IN (q1, q2)) AS u WHERE u.v > 10
SELECT * FROM (SELECT 10 AS q1, 20 AS q2) UNPIVOT(v FOR q IN (q1, q2))
SELECT * FROM (SELECT 10 AS q1, 'x' AS q2) UNPIVOT(v FOR q IN (q1, q2))
SELECT * FROM (SELECT 10 AS q1, 20 AS q2) UNPIVOT(v FOR q IN (q1, q3))
SELECT * FROM (SELECT 1 AS id, 10 AS q1, 20 AS q2) UNPIVOT((a, b) FOR q IN (q1, q2))
SELECT id, q, v FROM (SELECT id, price AS p1, price * 2 AS p2 FROM captions) UNPIVOT(v FOR q IN (p1, p2)) ORDER BY id, q
SELECT * FROM (SELECT * FROM (SELECT 1 AS id, 10 AS q1, 20 AS q2) UNPIVOT(v FOR q IN (q1, q2))) PIVOT(SUM(v) FOR q IN ('q1', 'q2'))
SELECT * FROM (SELECT 1 AS id, 10 AS q1, 20 AS q2) UNPIVOT(v FOR q IN (q1, q2)) AS u CROSS JOIN (SELECT 5 AS z)
SELECT * FROM (SELECT id, active, category FROM captions) PIVOT(COUNT(*) FOR category IN ('greeting', 'season')) ORDER BY id LIMIT 4
SELECT active, greeting FROM (SELECT id, active, category FROM captions) PIVOT(MAX(id) FOR category IN ('greeting', 'season')) ORDER BY active, greeting
SELECT * FROM (SELECT 'x' AS y, NUMERIC '1.5' AS v) PIVOT(SUM(v) FOR y IN ('x'))
SELECT * FROM (SELECT NUMERIC '1.5' AS y, 2 AS v) PIVOT(SUM(v) FOR y IN (NUMERIC '1.5', NUMERIC '2'))
SELECT * FROM (SELECT TIMESTAMP '2024-01-01 00:00:00+00' AS y, 2 AS v) PIVOT(SUM(v) FOR y IN (TIMESTAMP '2024-01-01 00:00:00+00' AS t))
SELECT * FROM (SELECT 'x' AS y, 2 AS v) PIVOT(SUM(v) FOR y IN ('a b', 'x-y'))
SELECT * FROM (SELECT 'x' AS y, 2 AS v UNION ALL SELECT 'x', 3) PIVOT(MIN(v) AS lo, MAX(v) AS hi FOR y IN ('x', 'z'))
SELECT * FROM (SELECT 'x' AS y, 2 AS v, 'k' AS k UNION ALL SELECT 'x', 3, 'm') PIVOT(SUM(v) FOR y IN ('x')) AS p ORDER BY p.k DESC
SELECT lang, n FROM (SELECT 3 AS de, 4 AS fr, 'z' AS other) UNPIVOT(n FOR lang IN (de, fr)) ORDER BY n DESC
SELECT * FROM (SELECT 3 AS de, 4 AS fr, 'z' AS other) UNPIVOT(n FOR lang IN (de AS 'German', fr)) ORDER BY n
SELECT * FROM (SELECT [1, 2] AS a, [3] AS b) UNPIVOT(n FOR w IN (a, b))
SELECT * FROM (SELECT STRUCT(1 AS u) AS a, STRUCT(2 AS u) AS b) UNPIVOT(n FOR w IN (a, b))
SELECT MAX(n) AS x FROM (SELECT id AS a, id * 10 AS b FROM captions) UNPIVOT(n FOR w IN (a, b))
SELECT w, COUNT(n) AS c FROM (SELECT id AS a, id * 10 AS b FROM captions) UNPIVOT(n FOR w IN (a, b)) GROUP BY w ORDER BY w
