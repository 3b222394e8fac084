-- Pipe syntax
FROM captions |> SELECT id, body |> ORDER BY id	SELECT id, body FROM captions ORDER BY id
FROM captions |> WHERE active |> SELECT id |> ORDER BY id	SELECT id FROM captions WHERE active ORDER BY id
FROM captions |> WHERE active |> WHERE price > 1 |> SELECT id, price |> ORDER BY id	SELECT id, price FROM captions WHERE active AND price > 1 ORDER BY id
FROM captions AS c |> WHERE c.category = 'urgent' |> SELECT c.id, c.body |> ORDER BY id DESC	SELECT id, body FROM captions WHERE category = 'urgent' ORDER BY id DESC
FROM captions |> SELECT id AS x, UPPER(body) AS y |> WHERE x < 4 |> ORDER BY x	SELECT * FROM (SELECT id AS x, UPPER(body) AS y FROM captions) WHERE x < 4 ORDER BY x
FROM captions |> SELECT DISTINCT category |> ORDER BY category	SELECT DISTINCT category FROM captions ORDER BY category
FROM captions |> SELECT category |> DISTINCT |> ORDER BY category	SELECT DISTINCT category FROM captions ORDER BY category
FROM captions |> SELECT id, category |> LIMIT 0	SELECT id, category FROM captions LIMIT 0
FROM captions |> ORDER BY id |> LIMIT 3 |> SELECT id	SELECT id FROM captions ORDER BY id LIMIT 3
FROM captions |> ORDER BY id DESC |> LIMIT 2 OFFSET 1 |> SELECT id, body |> ORDER BY id	SELECT * FROM (SELECT id, body FROM captions ORDER BY id DESC LIMIT 2 OFFSET 1) ORDER BY id
FROM captions |> SELECT id |> ORDER BY id |> LIMIT 4 |> ORDER BY id DESC |> LIMIT 2	SELECT * FROM (SELECT id FROM captions ORDER BY id LIMIT 4) ORDER BY id DESC LIMIT 2
FROM captions |> EXTEND price * 2 AS twice |> SELECT id, twice |> ORDER BY id	SELECT id, price * 2 AS twice FROM captions ORDER BY id
FROM captions |> EXTEND id + 1 AS next, LENGTH(body) AS length |> SELECT id, next, length |> ORDER BY id	SELECT id, id + 1 AS next, LENGTH(body) AS length FROM captions ORDER BY id
FROM captions |> EXTEND id * 10 AS tens |> WHERE tens > 30 |> EXTEND tens + 1 AS more |> SELECT id, tens, more |> ORDER BY id	SELECT id, id * 10 AS tens, id * 10 + 1 AS more FROM captions WHERE id * 10 > 30 ORDER BY id
FROM captions AS c |> EXTEND c.id + 1 AS next |> WHERE c.active AND next < 6 |> SELECT c.id, next |> ORDER BY id	SELECT id, id + 1 AS next FROM captions WHERE active AND id + 1 < 6 ORDER BY id
FROM captions |> EXTEND SUM(id) OVER (PARTITION BY category) AS total |> SELECT id, total |> ORDER BY id	SELECT id, SUM(id) OVER (PARTITION BY category) AS total FROM captions ORDER BY id
FROM captions |> EXTEND ROW_NUMBER() OVER (ORDER BY id DESC) AS n |> WHERE n <= 3 |> SELECT id, n |> ORDER BY n	SELECT * FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) AS n FROM captions) WHERE n <= 3 ORDER BY n
FROM captions |> SELECT id, RANK() OVER w AS r WINDOW w AS (ORDER BY category) |> ORDER BY id	SELECT id, RANK() OVER (ORDER BY category) AS r FROM captions ORDER BY id
FROM accounts |> SELECT name, followers |> SET followers = followers + 1 |> ORDER BY name	SELECT name, followers + 1 AS followers FROM accounts ORDER BY name
FROM accounts |> SELECT name, followers |> SET followers = IFNULL(followers, -1), name = UPPER(name) |> WHERE followers < 1000 |> ORDER BY name	SELECT UPPER(name) AS name, IFNULL(followers, -1) AS followers FROM accounts WHERE IFNULL(followers, -1) < 1000 ORDER BY 1
FROM accounts |> DROP secret |> ORDER BY name	SELECT * EXCEPT (secret) FROM accounts ORDER BY name
FROM accounts |> DROP secret, followers |> ORDER BY name	SELECT name FROM accounts ORDER BY name
FROM accounts |> DROP secret |> RENAME followers AS reach |> WHERE reach > 100 |> ORDER BY reach	SELECT name, followers AS reach FROM accounts WHERE followers > 100 ORDER BY reach
FROM accounts |> SELECT name, followers |> RENAME name AS n, followers AS f |> ORDER BY n	SELECT name AS n, followers AS f FROM accounts ORDER BY n
FROM accounts |> SELECT name, followers |> RENAME name n |> ORDER BY n	SELECT name AS n, followers FROM accounts ORDER BY n
FROM accounts |> SELECT name, followers |> AS a |> SELECT a.name, a.followers |> ORDER BY name	SELECT name, followers FROM accounts ORDER BY name
FROM accounts |> WHERE followers > 100 |> AS a |> SELECT a.name |> ORDER BY name	SELECT name FROM accounts WHERE followers > 100 ORDER BY name
FROM stats |> AGGREGATE COUNT(*) AS n	SELECT COUNT(*) AS n FROM stats
FROM stats |> AGGREGATE COUNT(*) AS n, SUM(views) AS v	SELECT COUNT(*) AS n, SUM(views) AS v FROM stats
FROM stats |> AGGREGATE SUM(views) AS v GROUP BY account |> ORDER BY account	SELECT account, SUM(views) AS v FROM stats GROUP BY account ORDER BY account
FROM stats |> AGGREGATE SUM(views) AS v, COUNT(*) AS n GROUP BY account, caption_id |> ORDER BY account, caption_id	SELECT account, caption_id, SUM(views) AS v, COUNT(*) AS n FROM stats GROUP BY account, caption_id ORDER BY account, caption_id
FROM stats |> AGGREGATE COUNT(*) AS n GROUP BY account AS who |> WHERE n > 1 |> ORDER BY who	SELECT account AS who, COUNT(*) AS n FROM stats GROUP BY account HAVING COUNT(*) > 1 ORDER BY who
FROM stats |> AGGREGATE SUM(views) AS v GROUP BY MOD(caption_id, 2) AS odd |> ORDER BY odd	SELECT MOD(caption_id, 2) AS odd, SUM(views) AS v FROM stats GROUP BY 1 ORDER BY odd
FROM stats |> AGGREGATE GROUP BY account |> ORDER BY account	SELECT DISTINCT account FROM stats ORDER BY account
FROM stats |> AGGREGATE SUM(views) AS v GROUP AND ORDER BY account	SELECT account, SUM(views) AS v FROM stats GROUP BY account ORDER BY account
FROM stats |> AGGREGATE SUM(views) AS v GROUP AND ORDER BY account DESC	SELECT account, SUM(views) AS v FROM stats GROUP BY account ORDER BY account DESC
FROM stats |> AGGREGATE SUM(views) AS v DESC GROUP BY account |> LIMIT 2	SELECT account, SUM(views) AS v FROM stats GROUP BY account ORDER BY v DESC LIMIT 2
FROM stats |> AGGREGATE COUNT(*) AS n DESC GROUP BY account ASC	SELECT account, COUNT(*) AS n FROM stats GROUP BY account ORDER BY n DESC, account
FROM stats |> AGGREGATE MAX(views) AS m GROUP BY account DESC	SELECT account, MAX(views) AS m FROM stats GROUP BY account ORDER BY account DESC
FROM stats |> WHERE views > 5 |> AGGREGATE AVG(views) AS a, MIN(engaged) AS m GROUP BY caption_id |> ORDER BY caption_id	SELECT caption_id, AVG(views) AS a, MIN(engaged) AS m FROM stats WHERE views > 5 GROUP BY caption_id ORDER BY caption_id
FROM nothing |> AGGREGATE COUNT(*) AS n	SELECT COUNT(*) AS n FROM nothing
FROM nothing |> AGGREGATE COUNT(*) AS n GROUP BY y	SELECT y, COUNT(*) AS n FROM nothing GROUP BY y
FROM stats |> AGGREGATE COUNT(*) AS n GROUP BY ()	SELECT COUNT(*) AS n FROM stats
FROM stats |> AGGREGATE SUM(views) AS v GROUP BY account |> AGGREGATE MAX(v) AS most	SELECT MAX(v) AS most FROM (SELECT SUM(views) AS v FROM stats GROUP BY account)
FROM stats AS s |> AGGREGATE SUM(s.views) AS v GROUP BY s.account |> ORDER BY account	SELECT account, SUM(views) AS v FROM stats GROUP BY account ORDER BY account
FROM captions |> JOIN stats ON id = caption_id |> SELECT id, account, views |> ORDER BY id, account, views	SELECT id, account, views FROM captions JOIN stats ON id = caption_id ORDER BY id, account, views
FROM captions AS c |> JOIN stats AS s ON c.id = s.caption_id |> WHERE s.views > 10 |> SELECT c.id, s.account |> ORDER BY id, account	SELECT id, account FROM captions JOIN stats ON id = caption_id WHERE views > 10 ORDER BY id, account
FROM captions AS c |> LEFT JOIN stats AS s ON c.id = s.caption_id |> SELECT c.id, s.views |> ORDER BY id, views	SELECT id, views FROM captions LEFT JOIN stats ON id = caption_id ORDER BY id, views
FROM captions AS c |> RIGHT JOIN stats AS s ON c.id = s.caption_id |> SELECT c.id, s.caption_id, s.views |> ORDER BY caption_id, views	SELECT id, caption_id, views FROM captions RIGHT JOIN stats ON id = caption_id ORDER BY caption_id, views
FROM captions AS c |> FULL OUTER JOIN stats AS s ON c.id = s.caption_id |> AGGREGATE COUNT(*) AS n	SELECT COUNT(*) AS n FROM captions FULL OUTER JOIN stats ON id = caption_id
FROM (SELECT 1 AS k, 'a' AS v) |> JOIN (SELECT 1 AS k, 'b' AS w) USING (k) |> SELECT k, v, w	SELECT 1 AS k, 'a' AS v, 'b' AS w
FROM (SELECT 1 AS k, 'a' AS v) |> CROSS JOIN (SELECT 2 AS j) |> SELECT k, j	SELECT 1 AS k, 2 AS j
FROM stats AS s |> JOIN captions AS c ON s.caption_id = c.id |> JOIN accounts AS a ON s.account = a.name |> EXTEND s.views + a.followers AS sum |> SELECT c.id, a.name, sum |> ORDER BY id, name, sum	SELECT c.id, a.name, s.views + a.followers AS sum FROM stats AS s JOIN captions AS c ON s.caption_id = c.id JOIN accounts AS a ON s.account = a.name ORDER BY id, name, sum
FROM captions |> WHERE id < 3 |> JOIN stats ON id = caption_id |> AGGREGATE SUM(views) AS v GROUP BY id |> ORDER BY id	SELECT id, SUM(views) AS v FROM captions JOIN stats ON id = caption_id WHERE id < 3 GROUP BY id ORDER BY id
FROM captions AS c |> JOIN UNNEST(c.tags) AS tag |> SELECT c.id, tag |> ORDER BY id, tag	SELECT id, tag FROM captions, UNNEST(tags) AS tag ORDER BY id, tag
FROM captions AS c, UNNEST(c.tags) AS tag |> AGGREGATE COUNT(*) AS n GROUP BY tag |> ORDER BY tag	SELECT tag, COUNT(*) AS n FROM captions, UNNEST(tags) AS tag GROUP BY tag ORDER BY tag
FROM UNNEST([3, 1, 2]) AS x |> ORDER BY x	SELECT x FROM UNNEST([3, 1, 2]) AS x ORDER BY x
FROM UNNEST([3, 1, 2]) AS x WITH OFFSET AS i |> WHERE x > 1 |> SELECT x, i |> ORDER BY i	SELECT x, i FROM UNNEST([3, 1, 2]) AS x WITH OFFSET AS i WHERE x > 1 ORDER BY i
FROM (SELECT 1 AS a) |> UNION ALL (SELECT 2), (SELECT 3) |> ORDER BY a	SELECT a FROM UNNEST([1, 2, 3]) AS a ORDER BY a
FROM (SELECT 1 AS a UNION ALL SELECT 1) |> UNION DISTINCT (SELECT 1), (SELECT 2) |> ORDER BY a	SELECT a FROM UNNEST([1, 2]) AS a ORDER BY a
FROM UNNEST([1, 2, 2, 3]) AS a |> SELECT a |> INTERSECT DISTINCT (SELECT 2) |> ORDER BY a	SELECT 2 AS a
FROM UNNEST([1, 2, 2, 3]) AS a |> SELECT a |> EXCEPT DISTINCT (SELECT 2) |> ORDER BY a	SELECT a FROM UNNEST([1, 3]) AS a ORDER BY a
SELECT id, category FROM captions |> WHERE id > 5 |> ORDER BY id	SELECT id, category FROM captions WHERE id > 5 ORDER BY id
SELECT 1 AS a UNION ALL SELECT 2 |> WHERE a = 2	SELECT 2 AS a
SELECT id FROM captions ORDER BY id LIMIT 3 |> WHERE id > 1 |> ORDER BY id	SELECT id FROM (SELECT id FROM captions ORDER BY id LIMIT 3) WHERE id > 1 ORDER BY id
(SELECT 1 AS a) |> EXTEND a + 1 AS b	SELECT 1 AS a, 2 AS b
WITH t AS (SELECT 1 AS a, 2 AS b) FROM t |> SELECT b, a	SELECT 2 AS b, 1 AS a
WITH t AS (FROM captions |> WHERE id < 3) SELECT COUNT(*) FROM t	SELECT COUNT(*) FROM captions WHERE id < 3
WITH t AS (SELECT 1 AS a) SELECT a FROM t |> JOIN t AS u USING (a) |> SELECT a	SELECT 1 AS a
SELECT * FROM (FROM captions |> WHERE id = 1 |> SELECT id)	SELECT id FROM captions WHERE id = 1
SELECT (FROM captions |> AGGREGATE COUNT(*))	SELECT COUNT(*) FROM captions
SELECT id FROM captions AS c WHERE EXISTS (FROM stats |> WHERE caption_id = c.id) ORDER BY id	SELECT id FROM captions WHERE id IN (SELECT caption_id FROM stats) ORDER BY id
SELECT id FROM captions WHERE id IN (FROM stats |> WHERE views > 50 |> SELECT caption_id) ORDER BY id	SELECT id FROM captions WHERE id IN (SELECT caption_id FROM stats WHERE views > 50) ORDER BY id
SELECT ARRAY(FROM captions |> WHERE id < 4 |> ORDER BY id |> SELECT id)	SELECT [1, 2, 3]
FROM (SELECT 'x' AS k, 1 AS v UNION ALL SELECT 'y', 2 UNION ALL SELECT 'x', 3) |> PIVOT (SUM(v) FOR k IN ('x', 'y'))	SELECT 4 AS x, 2 AS y
FROM (SELECT 1 AS a, 2 AS b) |> UNPIVOT (v FOR k IN (a, b)) |> ORDER BY v	SELECT v, k FROM (SELECT 1 AS v, 'a' AS k UNION ALL SELECT 2, 'b') ORDER BY v
FROM (SELECT 1 AS a) |> WITH u AS (SELECT 1 AS a, 'x' AS b) |> JOIN u USING (a) |> SELECT a, b	SELECT 1 AS a, 'x' AS b
FROM (SELECT 1 AS a) |> ASSERT a = 1 |> SELECT a	SELECT 1 AS a
FROM captions	SELECT * FROM captions
FROM captions |> WHERE	SELECT * FROM captions WHERE
FROM captions |> SELECT nothing_such	SELECT nothing_such FROM captions
FROM captions |> DROP nothing_such	SELECT * EXCEPT (nothing_such) FROM captions
FROM captions |> RENAME nothing_such AS x	SELECT nothing_such AS x FROM captions
FROM captions |> SET nothing_such = 1	SELECT * REPLACE (1 AS nothing_such) FROM captions
FROM captions |> EXTEND nothing_such + 1 AS x	SELECT nothing_such + 1 AS x FROM captions
FROM captions |> AGGREGATE id	SELECT id, COUNT(*) FROM captions
FROM captions |> AGGREGATE COUNT(*) GROUP	SELECT COUNT(*) FROM captions GROUP
FROM captions |> NOTHING	SELECT * FROM captions NOTHING NOTHING
FROM captions |> LIMIT	SELECT * FROM captions LIMIT
FROM captions |> UNION ALL SELECT 1	SELECT * FROM captions UNION ALL SELECT 1
FROM captions |> ORDER id	SELECT * FROM captions ORDER id
FROM captions |>	SELECT * FROM captions WHERE
FROM captions |> WHERE id	SELECT * FROM captions WHERE id
FROM captions |> SELECT id |> WHERE body = 'x'	SELECT id FROM (SELECT id FROM captions) WHERE body = 'x'
FROM stats |> AGGREGATE COUNT(*) AS n GROUP BY account |> SELECT views	SELECT views FROM (SELECT account, COUNT(*) AS n FROM stats GROUP BY account)
