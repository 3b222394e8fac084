SELECT JSON_ARRAY() AS x
SELECT JSON_ARRAY(10) AS x
SELECT JSON_ARRAY([]) AS x
SELECT JSON_ARRAY(10, 'foo', NULL) AS x
SELECT JSON_ARRAY(STRUCT(10 AS a, 'foo' AS b)) AS x
SELECT JSON_ARRAY(10, ['foo', 'bar'], [20, 30]) AS x
SELECT JSON_ARRAY(10, [JSON '20', JSON '"foo"']) AS x
SELECT JSON_ARRAY(DATE '2024-02-29', TIMESTAMP '2024-02-29 12:30:00.5+00', 1.5, NUMERIC '2.50', TRUE, b'abc') AS x
SELECT JSON_OBJECT() AS x
SELECT JSON_OBJECT('foo', 10, 'bar', TRUE) AS x
SELECT JSON_OBJECT('foo', 10, 'bar', ['a', 'b']) AS x
SELECT JSON_OBJECT('a', NULL, 'b', JSON 'null') AS x
SELECT JSON_OBJECT('a', 10, 'a', 'foo') AS x
SELECT JSON_OBJECT('a') AS x
SELECT JSON_OBJECT(10, 'a') AS x
SELECT JSON_OBJECT(CAST(NULL AS STRING), 'a') AS x
SELECT JSON_OBJECT('z', JSON_OBJECT('y', 1, 'x', JSON_ARRAY(1, 2))) AS x
SELECT JSON_OBJECT(['a', 'b'], [10, NULL]) AS x
SELECT JSON_OBJECT(['a', 'b'], [JSON '10', JSON '"foo"']) AS x
SELECT JSON_OBJECT(['a', 'b'], [STRUCT(10 AS id, 'red' AS color), STRUCT(20 AS id, 'blue' AS color)]) AS x
SELECT JSON_OBJECT(['a', 'b', 'c'], [1, 2]) AS x
SELECT JSON_OBJECT(CAST([] AS ARRAY<STRING>), CAST([] AS ARRAY<INT64>)) AS x
SELECT JSON_SET(JSON '{"a": 1}', '$', JSON '{"b": 2, "c": 3}') AS x
SELECT JSON_SET(JSON '{"a": 1}', '$.a', 5) AS x
SELECT JSON_SET(JSON '{"a": 1}', '$.b', 5) AS x
SELECT JSON_SET(JSON '{"a": 1}', '$.b.c.d', 'deep') AS x
SELECT JSON_SET(JSON '{"a": 1}', '$.a.b', 2) AS x
SELECT JSON_SET(JSON '{"a": null}', '$.a.b', 2) AS x
SELECT JSON_SET(JSON 'null', '$.a[1]', 2) AS x
SELECT JSON_SET(JSON '{"a": [1, 2, 3]}', '$.a[1]', 'two') AS x
SELECT JSON_SET(JSON '{"a": [1, 2, 3]}', '$.a[5]', 'six') AS x
SELECT JSON_SET(JSON '{"a": [1, 2, 3]}', '$.a[3]', 4) AS x
SELECT JSON_SET(JSON '[1, 2]', '$.a', 3) AS x
SELECT JSON_SET(JSON '{"a": 1}', '$[0]', 3) AS x
SELECT JSON_SET(JSON '{"a": 1}', '$.a', NULL) AS x
SELECT JSON_SET(JSON '{"a": 1, "b": {"c": 3}, "d": [4]}', '$.a', 'v1', '$.b.e', 'v2', '$.d[2]', 'v3') AS x
SELECT JSON_SET(JSON '{"a": 1}', '$.b', 'x', '$.b', 'y') AS x
SELECT JSON_SET(JSON '{"a": 1}', '$.b', [1, 2]) AS x
SELECT JSON_SET(JSON '{"a": 1}', '$."b c"', STRUCT(1 AS u)) AS x
SELECT JSON_SET(JSON '{"a": 1}', 'a', 1) AS x
SELECT JSON_SET(CAST(NULL AS JSON), '$.a', 1) AS x
SELECT JSON_REMOVE(JSON '["a", ["b", "c"], "d"]', '$[1]') AS x
SELECT JSON_REMOVE(JSON '["a", ["b", "c"], "d"]', '$[1]', '$[1]') AS x
SELECT JSON_REMOVE(JSON '["a", ["b", "c"], "d"]', '$[1][0]', '$[5]') AS x
SELECT JSON_REMOVE(JSON '{"a": 1, "b": 2}', '$.a') AS x
SELECT JSON_REMOVE(JSON '{"a": 1, "b": {"c": 2, "d": 3}}', '$.b.c', '$.a') AS x
SELECT JSON_REMOVE(JSON '{"a": 1}', '$.b', '$.a.c') AS x
SELECT JSON_REMOVE(JSON '{"a": 1}', '$') AS x
SELECT JSON_REMOVE(JSON '{"a": 1}', 'a') AS x
SELECT JSON_REMOVE(CAST(NULL AS JSON), '$.a') AS x
SELECT JSON_ARRAY_APPEND(JSON '["a", "b"]', '$', 1) AS x
SELECT JSON_ARRAY_APPEND(JSON '["a", "b"]', '$', [1, 2]) AS x
SELECT JSON_ARRAY_APPEND(JSON '["a", "b"]', '$', [1, 2], append_each_element => FALSE) AS x
SELECT JSON_ARRAY_APPEND(JSON '["a", ["b"], "c"]', '$[1]', 1, '$[1]', 2) AS x
SELECT JSON_ARRAY_APPEND(JSON '["a", ["b"], "c"]', '$[1]', [1, 2], '$[1][1]', 2) AS x
SELECT JSON_ARRAY_APPEND(JSON '{"a": 1}', '$.a', 2) AS x
SELECT JSON_ARRAY_APPEND(JSON '{"a": null}', '$.a', 2) AS x
SELECT JSON_ARRAY_APPEND(JSON '{"a": [1]}', '$.b', 2) AS x
SELECT JSON_ARRAY_APPEND(JSON '{"a": [1]}', '$.a', NULL) AS x
SELECT JSON_ARRAY_APPEND(JSON '[]', '$', 1) AS x
SELECT JSON_ARRAY_INSERT(JSON '["a", "b", "c"]', '$[1]', 1) AS x
SELECT JSON_ARRAY_INSERT(JSON '["a", "b", "c"]', '$[1]', [1, 2]) AS x
SELECT JSON_ARRAY_INSERT(JSON '["a", "b", "c"]', '$[1]', [1, 2], insert_each_element => FALSE) AS x
SELECT JSON_ARRAY_INSERT(JSON '["a", ["b", "c"], "d"]', '$[1][0]', 1, '$[0]', 2) AS x
SELECT JSON_ARRAY_INSERT(JSON '["a"]', '$[3]', 'd') AS x
SELECT JSON_ARRAY_INSERT(JSON '{"a": {}}', '$.a[0]', 2) AS x
SELECT JSON_ARRAY_INSERT(JSON '{"a": null}', '$.a[2]', 10) AS x
SELECT JSON_ARRAY_INSERT(JSON '1', '$[0]', 'r1') AS x
SELECT JSON_ARRAY_INSERT(JSON '[1]', '$[0]', NULL) AS x
SELECT JSON_STRIP_NULLS(JSON '{"a": null, "b": "c"}') AS x
SELECT JSON_STRIP_NULLS(JSON '[1, null, 2, null]') AS x
SELECT JSON_STRIP_NULLS(JSON '[1, null, 2, null]', include_arrays => FALSE) AS x
SELECT JSON_STRIP_NULLS(JSON '[1, null, 2, null, [null]]', remove_empty => TRUE) AS x
SELECT JSON_STRIP_NULLS(JSON '{"a": {"b": null, "c": null}, "d": 1}') AS x
SELECT JSON_STRIP_NULLS(JSON '{"a": {"b": null, "c": null}, "d": 1}', remove_empty => TRUE) AS x
SELECT JSON_STRIP_NULLS(JSON '{"a": {"b": {"c": null}}, "d": [null], "e": [], "f": 1}', include_arrays => FALSE, remove_empty => TRUE) AS x
SELECT JSON_STRIP_NULLS(JSON '{"a": {"b": {"c": null}}, "d": [null], "e": [], "f": 1}', include_arrays => TRUE, remove_empty => TRUE) AS x
SELECT JSON_STRIP_NULLS(JSON '{"a": {"b": null}, "c": null}', '$.a') AS x
SELECT JSON_STRIP_NULLS(JSON '{"a": {"b": null}, "c": null}', '$.x') AS x
SELECT JSON_STRIP_NULLS(JSON '{"a": null}', remove_empty => TRUE) AS x
SELECT JSON_STRIP_NULLS(JSON 'null') AS x
SELECT JSON_OBJECT('id', id, 'lang', language) AS x FROM captions WHERE id < 5 ORDER BY id
SELECT JSON_SET(JSON_OBJECT('id', id), '$.n', id * 2) AS x FROM captions WHERE id < 5 ORDER BY id
