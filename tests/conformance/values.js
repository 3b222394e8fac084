// values.js: values, layouts and resources through @google-cloud/bigquery
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const assert = require('assert');
const { BigQuery } = require('@google-cloud/bigquery');
const { Storage } = require('@google-cloud/storage');
const { open } = require('./datasets.js');

const plain = value => JSON.parse(JSON.stringify(value));

// A type, what a client gives, what comes back
const GIVEN = [
  ['INT64', 5, 5],
  ['INT64', BigQuery.int('9007199254740993'), '9007199254740993', { wrapIntegers: true }],
  ['FLOAT64', 1.25, 1.25],
  ['BOOL', true, true],
  ['STRING', 'wörld', 'wörld'],
  ['BYTES', 'YWJj', Buffer.from('abc'), { types: { v: 'BYTES' } }],
  ['DATE', BigQuery.date('2024-02-29'), { value: '2024-02-29' }],
  ['TIME', BigQuery.time('01:02:03'), { value: '01:02:03' }],
  ['DATETIME', BigQuery.datetime('2024-02-29T01:02:03'), { value: '2024-02-29T01:02:03' }],
  ['TIMESTAMP', BigQuery.timestamp('2024-02-29T01:02:03Z'), { value: '2024-02-29T01:02:03.000Z' }],
  ['GEOGRAPHY', BigQuery.geography('POINT(1 2)'), { value: 'POINT(1 2)' }],
  ['ARRAY<INT64>', [1, 2], [1, 2]],
  ['ARRAY<STRING>', [], [], { types: { v: ['STRING'] } }],
  ['STRUCT<a INT64, b STRING>', { a: 1, b: 'x' }, { a: 1, b: 'x' }],
  ['STRUCT<a STRUCT<b BOOL>>', { a: { b: false } }, { a: { b: false } }],
  ['NUMERIC', '12.5', '12.5', { types: { v: 'NUMERIC' } }],
  ['BIGNUMERIC', '12.5', '12.5', { types: { v: 'BIGNUMERIC' } }],
  ['STRING', null, null, { types: { v: 'STRING' } }],
];

// What is selected, what comes back
const SELECTED = [
  ["INTERVAL 90 MINUTE", '0-0 0 1:30:0'],
  ["JSON '{\"a\":[1,null]}'", '{"a":[1,null]}'],
  ['CAST(NULL AS ARRAY<INT64>)', []],
  ['STRUCT([STRUCT(1 AS x), STRUCT(2 AS x)] AS l)', { l: [{ x: 1 }, { x: 2 }] }],
  ['b""', { type: 'Buffer', data: [] }],
  ['-9007199254740991', -9007199254740991],
  ["DATE '0001-01-01'", { value: '0001-01-01' }],
  ["DATETIME '9999-12-31 23:59:59.999999'", { value: '9999-12-31T23:59:59.999999' }],
  ['CAST("1e300" AS FLOAT64)', 1e300],
  ["''", ''],
];

// The columns of a table that is made, and what it is to tell
const LAYOUTS = [
  ['partitioned by day', { timePartitioning: { type: 'DAY', field: 'd' } }, m => m.timePartitioning.type === 'DAY'],
  ['partitioned by month', { timePartitioning: { type: 'MONTH', field: 'd' } }, m => m.timePartitioning.type === 'MONTH'],
  ['partitioned by the time of loading', { timePartitioning: { type: 'HOUR' } }, m => m.timePartitioning.type === 'HOUR'],
  ['partitioned by a range', { rangePartitioning: { field: 'n', range: { start: '0', end: '100', interval: '10' } } },
    m => m.rangePartitioning.range.interval === '10'],
  ['clustered', { clustering: { fields: ['s', 'n'] } }, m => m.clustering.fields.length === 2],
  ['with partitions that expire', { timePartitioning: { type: 'DAY', field: 'd', expirationMs: '86400000' } },
    m => m.timePartitioning.expirationMs === '86400000'],
  ['that needs a filter', { timePartitioning: { type: 'DAY', field: 'd' }, requirePartitionFilter: true },
    m => m.requirePartitionFilter === true],
  ['with a description and labels', { description: 'what it is', labels: { a: 'b' } },
    m => m.description === 'what it is' && m.labels.a === 'b'],
  ['with a key', { tableConstraints: { primaryKey: { columns: ['n'] } } }, m => m.tableConstraints.primaryKey.columns[0] === 'n'],
];

const COLUMNS = [{ name: 'n', type: 'INT64' }, { name: 's', type: 'STRING' }, { name: 'd', type: 'DATE' }];

async function values(bigquery, check) {
  for (const [type, given, expected, more = {}] of GIVEN)
    await check(`${type} ${JSON.stringify(given)} is given and comes back`, async () => {
      const { wrapIntegers, ...options } = more;
      const [rows] = await bigquery.query({ query: `SELECT CAST(@v AS ${type}) AS v`, params: { v: given }, ...options },
        { wrapIntegers: wrapIntegers || false });
      const value = plain(rows[0].v);
      assert.deepStrictEqual(wrapIntegers ? value.value : value, plain(expected));
    });
  for (const [sql, expected] of SELECTED)
    await check(`${sql} comes back`, async () => {
      const [rows] = await bigquery.query(`SELECT ${sql} AS v`);
      assert.deepStrictEqual(plain(rows[0].v), expected);
    });
}

async function layouts(dataset, check) {
  for (const [what, options, holds] of LAYOUTS)
    await check(`a table ${what} is made and told`, async () => {
      const table = dataset.table(`layout_${what.replace(/\W/g, '_')}`);
      await dataset.createTable(table.id, { schema: COLUMNS, ...options });
      const [metadata] = await table.getMetadata();
      assert.ok(holds(metadata), JSON.stringify(metadata));
      await table.delete();
    });
  await check('a table is made by itself', async () => {
    const [table] = await dataset.table('made').create({ schema: COLUMNS });
    assert.strictEqual(table.id, 'made');
    assert.deepStrictEqual(await dataset.table('made').exists(), [true]);
  });
  await check('a view is made by its query', async () => {
    const [view] = await dataset.createTable('seen', { view: 'SELECT 1 AS one' });
    assert.strictEqual(view.metadata.type, 'VIEW');
    assert.deepStrictEqual((await view.query('SELECT one FROM seen'))[0], [{ one: 1 }]);
  });
  await check('a view that cannot be is refused', () => assert.rejects(dataset.createTable('unseen', { view: 'SELECT none' })));
  await check('a materialized view is made', async () => {
    const query = `SELECT s, COUNT(*) AS n FROM ${dataset.id}.made GROUP BY s`;
    const [view] = await dataset.createTable('gathered', { materializedView: { query } });
    assert.strictEqual(view.metadata.type, 'MATERIALIZED_VIEW');
    await view.delete();
  });
  await check('a table is described anew', async () => {
    await dataset.table('made').setMetadata({ description: 'again', friendlyName: 'Made' });
    const [metadata] = await dataset.table('made').getMetadata();
    assert.deepStrictEqual([metadata.description, metadata.friendlyName], ['again', 'Made']);
  });
}

async function rows(bigquery, dataset, check) {
  const table = dataset.table('made');
  const count = async () => (await bigquery.query(`SELECT COUNT(*) AS n FROM ${dataset.id}.made`))[0][0].n;

  await check('rows are inserted and counted', async () => {
    await table.insert([{ n: 1, s: 'a', d: '2024-01-01' }, { n: 2, s: 'b', d: '2024-01-02' }]);
    assert.strictEqual(await count(), 2);
  });
  await check('no rows at all are refused', () => assert.rejects(table.insert([])));
  await check('rows are inserted as they are on the wire', async () => {
    await table.insert([{ insertId: 'x', json: { n: 3, s: null, d: null } }], { raw: true });
    assert.strictEqual(await count(), 3);
  });
  await check('good rows are inserted without the bad ones', async () => {
    await assert.rejects(table.insert([{ n: 4 }, { n: 'x' }], { skipInvalidRows: true }));
    assert.strictEqual(await count(), 4);
  });
  await check('a table is read', async () => {
    const [read] = await table.getRows();
    assert.deepStrictEqual(read.map(row => row.n).sort(), [1, 2, 3, 4]);
  });
  await check('a table is read as a stream', async () => {
    let n = 0;
    for await (const row of table.createReadStream())
      n += row.n;
    assert.strictEqual(n, 10);
  });
  await check('some rows of a table are read', async () => {
    const [read, next] = await table.getRows({ maxResults: 3, autoPaginate: false });
    assert.strictEqual(read.length, 3);
    assert.ok(next.pageToken);
  });
  await check('rows are inserted without a name', async () => {
    await table.insert([{ n: 5 }, { n: 6 }], { createInsertId: false });
    assert.strictEqual(await count(), 6);
  });
  await check('a query is made a job and read', async () => {
    const [job] = await bigquery.createQueryJob({ query: `SELECT n FROM ${dataset.id}.made ORDER BY n` });
    const [read] = await job.getQueryResults();
    assert.deepStrictEqual(read.map(row => row.n), [1, 2, 3, 4, 5, 6]);
  });
  await check('a job is read page by page', async () => {
    const [job] = await bigquery.createQueryJob({ query: `SELECT n FROM ${dataset.id}.made ORDER BY n` });
    const found = [];
    let query = { maxResults: 4, autoPaginate: false };
    while (query) {
      const [read, next] = await job.getQueryResults(query);
      found.push(...read.map(row => row.n));
      query = next;
    }
    assert.deepStrictEqual(found, [1, 2, 3, 4, 5, 6]);
  });
  await check('a job is waited for', async () => {
    const [job] = await bigquery.createQueryJob({ query: 'SELECT 1', labels: { a: 'b' }, priority: 'BATCH' });
    const [metadata] = await job.promise();
    assert.deepStrictEqual([metadata.status.state, metadata.configuration.labels.a], ['DONE', 'b']);
  });
}

async function files(bigquery, bucket, dataset, check) {
  const load = async (name, text, options) => {
    const file = bucket.file(name);
    await file.save(text, { resumable: false });
    await dataset.table('file').load(file, { writeDisposition: 'WRITE_TRUNCATE', ...options });
    return plain((await bigquery.query(`SELECT * FROM ${dataset.id}.file ORDER BY 1`))[0]);
  };
  const schema = { fields: [{ name: 'a', type: 'INT64' }, { name: 'b', type: 'STRING' }] };

  for (const [what, name, text, options, expected] of [
    ['CSV with a schema', '1.csv', '1,x\n2,y\n', { schema }, [{ a: 1, b: 'x' }, { a: 2, b: 'y' }]],
    ['CSV without a schema', '2.csv', 'a,b\n1,x\n', { autodetect: true }, [{ a: 1, b: 'x' }]],
    ['CSV with bars', '3.csv', '1|x\n', { schema, fieldDelimiter: '|' }, [{ a: 1, b: 'x' }]],
    ['CSV with too few fields', '4.csv', '1\n', { schema, allowJaggedRows: true }, [{ a: 1, b: null }]],
    ['CSV with line breaks', '5.csv', '1,"x\ny"\n', { schema, allowQuotedNewlines: true }, [{ a: 1, b: 'x\ny' }]],
    ['CSV with a word for NULL', '6.csv', '1,none\n', { schema, nullMarker: 'none' }, [{ a: 1, b: null }]],
    ['CSV in Latin 1', '7.csv', Buffer.from('1,w\xf6rld\n', 'latin1'), { schema, encoding: 'ISO-8859-1' }, [{ a: 1, b: 'wörld' }]],
    ['CSV with bad rows', '8.csv', '1,x\nx,y\n', { schema, maxBadRecords: 1 }, [{ a: 1, b: 'x' }]],
    ['JSON with a schema', '9.json', '{"a":1,"b":"x"}\n', { schema }, [{ a: 1, b: 'x' }]],
    ['JSON without a schema', '10.json', '{"a":1,"b":["x"]}\n', { autodetect: true }, [{ a: 1, b: ['x'] }]],
    ['JSON with more than the schema', '11.json', '{"a":1,"c":2}\n', { schema, ignoreUnknownValues: true }, [{ a: 1, b: null }]],
  ])
    await check(`${what} is loaded`, async () => assert.deepStrictEqual(await load(name, text, options), expected));
  await check('a delimiter of two characters is refused', () =>
    assert.rejects(load('12.csv', '1,x\n', { schema, fieldDelimiter: 'ab' }), /fieldDelimiter/));
  await check('a number of bad rows below none is refused', () =>
    assert.rejects(load('13.csv', '1,x\n', { schema, maxBadRecords: -1 }), /maxBadRecords/));
}

module.exports = async ({ server, check }) => {
  const bigquery = open(server);
  const storage = new Storage({ projectId: 'eros-rehearsal', apiEndpoint: server.endpoint, useAuthWithCustomEndpoint: false });
  const bucket = storage.bucket('conformance-values');
  const dataset = bigquery.dataset('values');

  await values(bigquery, check);
  await check('a data set is got or made', async () => {
    await dataset.get({ autoCreate: true });
    assert.deepStrictEqual(await dataset.exists(), [true]);
  });
  await check('data sets are found by label', async () => {
    await dataset.setMetadata({ labels: { conformance: 'yes' } });
    const [found] = await bigquery.getDatasets({ filter: 'labels.conformance:yes' });
    assert.deepStrictEqual(found.map(one => one.id), ['values']);
  });
  await layouts(dataset, check);
  await rows(bigquery, dataset, check);
  await bucket.create();
  await files(bigquery, bucket, dataset, check);
  await bucket.deleteFiles();
  await bucket.delete();
  await check('a data set is deleted with all that is in it', async () => {
    await dataset.delete({ force: true });
    assert.deepStrictEqual(await dataset.exists(), [false]);
  });
};
