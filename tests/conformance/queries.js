// queries.js: queries, parameters, results
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const assert = require('assert');
const { BigQuery } = require('@google-cloud/bigquery');
const { open, rejects } = require('./datasets.js');

module.exports = async ({ server, check }) => {
  const bigquery = open(server);
  const one = async (query, params, types) => {
    const [rows] = await bigquery.query({ query, params, types });
    return rows[0];
  };

  await check('a constant is selected', async () => assert.deepStrictEqual(await one('SELECT 1 AS n'), { n: 1 }));
  await check('every scalar type comes back', async () => {
    const row = await one(`SELECT 1 AS i, 2.5 AS f, TRUE AS b, 'é' AS s, b'\\x00\\xff' AS y, NUMERIC '1.10' AS n,
      DATE '2025-10-31' AS d, TIME '14:30:00.5' AS t, DATETIME '2025-10-31 14:30:00' AS dt,
      TIMESTAMP '2025-10-31 14:30:00.123456+00' AS ts, JSON '{"a": 1}' AS j`);
    assert.strictEqual(row.i, 1);
    assert.strictEqual(row.f, 2.5);
    assert.strictEqual(row.b, true);
    assert.strictEqual(row.s, 'é');
    assert.deepStrictEqual([...row.y], [0, 255]);
    assert.strictEqual(row.n.toString(), '1.1');
    assert.strictEqual(row.d.value, '2025-10-31');
    assert.strictEqual(row.t.value, '14:30:00.500');
    assert.strictEqual(row.dt.value, '2025-10-31T14:30:00');
    assert.strictEqual(row.ts.value, '2025-10-31T14:30:00.123456000Z');
    assert.strictEqual(row.j, '{"a":1}');
  });
  await check('special numbers come back', async () => {
    const row = await one(`SELECT CAST('nan' AS FLOAT64) AS a, CAST('inf' AS FLOAT64) AS b, CAST('-inf' AS FLOAT64) AS c,
      9007199254740992 AS d`);
    assert.ok(Number.isNaN(row.a));
    assert.strictEqual(row.b, Infinity);
    assert.strictEqual(row.c, -Infinity);
  });
  await check('nulls, arrays and structs come back', async () => {
    const row = await one("SELECT NULL AS n, [1, 2] AS a, STRUCT('x' AS k, [STRUCT(1 AS z)] AS v) AS s");
    assert.deepStrictEqual(row, { n: null, a: [1, 2], s: { k: 'x', v: [{ z: 1 }] } });
  });
  await check('named parameters are bound', async () =>
    assert.deepStrictEqual(await one('SELECT @a + 1 AS n, @b AS s', { a: 41, b: "o'neil" }), { n: 42, s: "o'neil" }));
  await check('positional parameters are bound', async () =>
    assert.deepStrictEqual(await one('SELECT ? AS a, ? AS b', [1, 'x']), { a: 1, b: 'x' }));
  await check('array parameters are bound', async () =>
    assert.deepStrictEqual(await one('SELECT SUM(x) AS n FROM UNNEST(@list) AS x', { list: [1, 2, 3] }), { n: 6 }));
  await check('an empty array parameter needs its type', async () =>
    assert.deepStrictEqual(await one('SELECT ARRAY_LENGTH(@list) AS n', { list: [] }, { list: ['INT64'] }), { n: 0 }));
  await check('a struct parameter is bound', async () =>
    assert.deepStrictEqual(await one('SELECT @s.k AS k', { s: { k: 'v', n: 1 } }), { k: 'v' }));
  await check('a null parameter needs its type', async () =>
    assert.deepStrictEqual(await one('SELECT @x IS NULL AS n', { x: null }, { x: 'STRING' }), { n: true }));
  await check('dates and times are parameters', async () => {
    const row = await one('SELECT @d AS d, @t AS t', { d: BigQuery.date('2025-10-31'),
      t: BigQuery.timestamp('2025-10-31T14:00:00Z') });
    assert.strictEqual(row.d.value, '2025-10-31');
    assert.strictEqual(row.t.value, '2025-10-31T14:00:00.000Z');
  });
  await check('a missing parameter is an error', () =>
    rejects(bigquery.query('SELECT @nothing'), 400, 'invalidQuery'));
  await check('a syntax error tells where', () =>
    assert.rejects(bigquery.query('SELECT FROM'), error => /at \[1:8\]/.test(error.message)));
  await check('an unknown table is not found', () =>
    rejects(bigquery.query('SELECT * FROM `eros_platform.nothing`'), 404, 'notFound'));
  await check('an unknown column is an error', () =>
    rejects(bigquery.query('SELECT nope FROM `eros_platform.caption_bank`'), 400, 'invalidQuery'));
  await check('legacy SQL is refused', () =>
    rejects(bigquery.query({ query: 'SELECT 1', useLegacySql: true }), 400, 'invalid'));
  await check('a default data set is used', async () => {
    const [rows] = await bigquery.query({ query: 'SELECT COUNT(*) AS n FROM caption_bank',
      defaultDataset: { datasetId: 'eros_platform' } });
    assert.deepStrictEqual(rows, [{ n: 2000 }]);
  });
  await check('a long result comes whole', async () => {
    const [rows] = await bigquery.query('SELECT n FROM UNNEST(GENERATE_ARRAY(1, 25000)) AS n ORDER BY n');
    assert.strictEqual(rows.length, 25000);
    assert.strictEqual(rows[24999].n, 25000);
  });
  await check('a long result comes page by page', async () => {
    const [job] = await bigquery.createQueryJob('SELECT n FROM UNNEST(GENERATE_ARRAY(1, 2500)) AS n ORDER BY n');
    let query = { maxResults: 1000, autoPaginate: false };
    const sizes = [];
    let last = 0;
    while (query) {
      const [rows, next] = await job.getQueryResults(query);
      sizes.push(rows.length);
      for (const row of rows)
        assert.strictEqual(row.n, ++last);
      query = next;
    }
    assert.deepStrictEqual(sizes, [1000, 1000, 500]);
  });
  await check('an empty result has its columns', async () => {
    const [job] = await bigquery.createQueryJob('SELECT 1 AS n FROM UNNEST(GENERATE_ARRAY(1, 0))');
    const [rows, , answer] = await job.getQueryResults({ autoPaginate: false });
    assert.deepStrictEqual(rows, []);
    assert.strictEqual(answer.schema.fields[0].name, 'n');
    assert.strictEqual(answer.totalRows, '0');
  });
  await check('rows are streamed', async () => {
    let n = 0;
    for await (const row of bigquery.createQueryStream('SELECT * FROM `eros_platform.caption_bank`'))
      n += row.caption_id > 0;
    assert.strictEqual(n, 2000);
  });
  await check('a script answers with its last rows', async () => {
    const [rows] = await bigquery.query('DECLARE x INT64 DEFAULT 20; SET x = x + 1; SELECT x * 2 AS n;');
    assert.deepStrictEqual(rows, [{ n: 42 }]);
  });
  await check('information about tables is queried', async () => {
    const [rows] = await bigquery.query('SELECT table_name FROM eros_platform.INFORMATION_SCHEMA.TABLES ORDER BY 1');
    assert.deepStrictEqual(rows.map(row => row.table_name), ['active_caption_assignments', 'caption_bandit_stats',
      'caption_bank', 'caption_performance_log']);
  });
  await check('the history of jobs is queried', async () => {
    const [rows] = await bigquery.query('SELECT COUNT(*) AS n FROM `region-us`.INFORMATION_SCHEMA.JOBS ' +
      "WHERE creation_time > TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 3 DAY) AND job_id LIKE 'sample%'");
    assert.strictEqual(rows[0].n, 240);
  });
};
