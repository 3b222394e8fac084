// datasets.js: data sets, tables, rows and routines through @google-cloud/bigquery
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const assert = require('assert');
const { BigQuery } = require('@google-cloud/bigquery');

const PROJECT = 'eros-rehearsal';

function open(server) {
  return new BigQuery({ projectId: PROJECT, apiEndpoint: server.endpoint, authClient: undefined, token: 'none',
    authClientOptions: {}, credentials: undefined });
}

const rejects = (promise, code, reason) => assert.rejects(promise, error => {
  assert.strictEqual(error.code, code, error.message);
  assert.strictEqual(error.errors[0].reason, reason);
  return true;
});

module.exports = async ({ server, check }) => {
  process.env.BIGQUERY_EMULATOR_HOST = `${server.endpoint}/bigquery/v2`;
  const bigquery = open(server);
  const dataset = bigquery.dataset('conformance');
  const table = dataset.table('people');
  const schema = [
    { name: 'id', type: 'INTEGER', mode: 'REQUIRED', description: 'number' },
    { name: 'name', type: 'STRING' },
    { name: 'score', type: 'FLOAT' },
    { name: 'born', type: 'DATE' },
    { name: 'seen', type: 'TIMESTAMP' },
    { name: 'tags', type: 'STRING', mode: 'REPEATED' },
    { name: 'home', type: 'RECORD', fields: [{ name: 'city', type: 'STRING' }, { name: 'zip', type: 'INTEGER' }] },
  ];

  await check('the sample data set is listed', async () => {
    const [datasets] = await bigquery.getDatasets();
    assert.ok(datasets.some(one => one.id === 'eros_platform'));
  });
  await check('a data set is created', async () => {
    const [, resource] = await bigquery.createDataset('conformance', { location: 'US', labels: { team: 'eros' } });
    assert.strictEqual(resource.datasetReference.datasetId, 'conformance');
    assert.strictEqual(resource.labels.team, 'eros');
  });
  await check('the same data set cannot be created twice', () =>
    rejects(bigquery.createDataset('conformance'), 409, 'duplicate'));
  await check('a data set needs a valid name', () => rejects(bigquery.createDataset('no-dash'), 400, 'invalid'));
  await check('a data set exists', async () => assert.deepStrictEqual(await dataset.exists(), [true]));
  await check('another does not', async () =>
    assert.deepStrictEqual(await bigquery.dataset('nowhere').exists(), [false]));
  await check('a data set is described', async () => {
    await dataset.setMetadata({ description: 'for checks' });
    const [metadata] = await dataset.getMetadata();
    assert.strictEqual(metadata.description, 'for checks');
    assert.strictEqual(metadata.labels.team, 'eros');
  });
  await check('a label is taken away', async () => {
    const [metadata] = await dataset.setMetadata({ labels: { team: null, stage: 'one' } });
    assert.deepStrictEqual(metadata.labels, { stage: 'one' });
  });
  await check('an old etag is refused', async () => {
    const answer = await fetch(`${server.endpoint}/bigquery/v2/projects/${PROJECT}/datasets/conformance`,
      { method: 'PATCH', headers: { 'If-Match': 'old', 'Content-Type': 'application/json' }, body: '{"description":"x"}' });
    assert.strictEqual(answer.status, 412);
    assert.strictEqual((await answer.json()).error.errors[0].reason, 'conditionNotMet');
  });

  await check('a table is created', async () => {
    const [made] = await dataset.createTable('people', { schema, description: 'people',
      timePartitioning: { type: 'DAY', field: 'seen' }, clustering: { fields: ['id'] } });
    assert.strictEqual(made.metadata.timePartitioning.field, 'seen');
    assert.strictEqual(made.metadata.schema.fields[6].fields[1].type, 'INTEGER');
    assert.strictEqual(made.metadata.numRows, '0');
  });
  await check('the same table cannot be created twice', () =>
    rejects(dataset.createTable('people', { schema }), 409, 'duplicate'));
  await check('a table needs its data set', () =>
    rejects(bigquery.dataset('nowhere').createTable('t', { schema }), 404, 'notFound'));
  await check('a table cannot be partitioned by a string', () =>
    rejects(dataset.createTable('bad', { schema, timePartitioning: { type: 'DAY', field: 'name' } }), 400, 'invalid'));
  await check('a table cannot be clustered by an unknown column', () =>
    rejects(dataset.createTable('bad', { schema, clustering: { fields: ['nope'] } }), 400, 'invalid'));
  await check('tables are listed', async () => {
    const [tables] = await dataset.getTables();
    assert.deepStrictEqual(tables.map(one => one.id), ['people']);
  });
  await check('rows are inserted', () => table.insert([
    { id: 1, name: 'Ada', score: 1.5, born: '1815-12-10', seen: '2025-10-31T14:00:00Z', tags: ['a', 'b'],
      home: { city: 'London', zip: 1 } },
    { id: 2, name: 'Zoë ✨', score: null, born: BigQuery.date('1906-12-09'),
      seen: BigQuery.timestamp('2025-10-31T14:00:00.123456Z'), tags: [], home: null },
  ]));
  await check('a row without a required field is refused', () =>
    assert.rejects(table.insert([{ name: 'nobody' }]), error => {
      assert.strictEqual(error.name, 'PartialFailureError');
      assert.strictEqual(error.errors[0].errors[0].reason, 'invalid');
      return true;
    }));
  await check('an unknown field is refused', () =>
    assert.rejects(table.insert([{ id: 3, nope: 1 }]), { name: 'PartialFailureError' }));
  await check('unknown fields can be ignored', () =>
    table.insert([{ id: 3, nope: 1 }], { ignoreUnknownValues: true }));
  await check('an insertId makes a row once', async () => {
    const rows = [{ insertId: 'once', json: { id: 4 } }];
    await table.insert(rows, { raw: true });
    await table.insert(rows, { raw: true });
    const [metadata] = await table.getMetadata();
    assert.strictEqual(metadata.numRows, '4');
  });
  await check('rows come back with their types', async () => {
    const [rows] = await table.getRows();
    const ada = rows.find(row => row.id === 1);
    assert.strictEqual(ada.name, 'Ada');
    assert.strictEqual(ada.score, 1.5);
    assert.strictEqual(ada.born.value, '1815-12-10');
    assert.strictEqual(ada.seen.value, '2025-10-31T14:00:00.000Z');
    assert.deepStrictEqual(ada.tags, ['a', 'b']);
    assert.deepStrictEqual(ada.home, { city: 'London', zip: 1 });
    const zoe = rows.find(row => row.id === 2);
    assert.strictEqual(zoe.score, null);
    assert.strictEqual(zoe.name, 'Zoë ✨');
    assert.strictEqual(zoe.seen.value, '2025-10-31T14:00:00.123456000Z');
  });
  await check('rows come page by page', async () => {
    const seen = [];
    let query = { maxResults: 3, autoPaginate: false };
    while (query) {
      const [rows, next] = await table.getRows(query);
      seen.push(...rows.map(row => row.id));
      query = next;
    }
    assert.deepStrictEqual(seen.sort(), [1, 2, 3, 4]);
  });
  await check('some columns can be selected', async () => {
    const [rows] = await table.getRows({ selectedFields: 'id' });
    assert.deepStrictEqual(Object.keys(rows[0]), ['id']);
  });
  await check('a table tells its size', async () => {
    const [metadata] = await table.getMetadata();
    // 4 ids; Ada: 5 + 8 + 8 + 8 + 6 + 16; Zoë ✨: 10 + 8 + 8
    assert.strictEqual(metadata.numBytes, String(4 * 8 + 51 + 26));
  });
  await check('a column is added', async () => {
    const [metadata] = await table.setMetadata({ schema: { fields: [...schema, { name: 'extra', type: 'BYTES' }] } });
    assert.strictEqual(metadata.schema.fields.length, 8);
  });
  await check('a column is not taken away', () =>
    rejects(table.setMetadata({ schema: { fields: schema.slice(0, 3) } }), 400, 'invalid'));
  await check('a column does not change its type', () =>
    rejects(table.setMetadata({ schema: { fields: [{ name: 'id', type: 'STRING' }, ...schema.slice(1),
      { name: 'extra', type: 'BYTES' }] } }), 400, 'invalid'));
  await check('a table expires', async () => {
    const at = Date.now() + 3600000;
    const [metadata] = await table.setMetadata({ expirationTime: String(at) });
    assert.strictEqual(metadata.expirationTime, String(at));
  });
  await check('permissions on a table are told', async () => {
    const [answer] = await table.testIamPermissions(['bigquery.tables.get', 'bigquery.tables.getData']);
    assert.deepStrictEqual(answer.permissions, ['bigquery.tables.get', 'bigquery.tables.getData']);
  });
  await check('a view is created and knows its columns', async () => {
    const [view] = await dataset.createTable('names', { view: 'SELECT id, name FROM `conformance.people`' });
    assert.strictEqual(view.metadata.type, 'VIEW');
    const [metadata] = await dataset.table('names').getMetadata();
    assert.deepStrictEqual(metadata.schema.fields.map(field => field.name), ['id', 'name']);
  });
  await check('a view is read', async () => {
    const [rows] = await bigquery.query('SELECT name FROM `conformance.names` WHERE id = 1');
    assert.deepStrictEqual(rows, [{ name: 'Ada' }]);
  });
  await check('a routine is created, listed, read and deleted', async () => {
    const [routine] = await dataset.createRoutine('twice', { routineType: 'SCALAR_FUNCTION', language: 'SQL',
      arguments: [{ name: 'x', dataType: { typeKind: 'INT64' } }], returnType: { typeKind: 'INT64' },
      definitionBody: 'x * 2' });
    const [routines] = await dataset.getRoutines();
    assert.deepStrictEqual(routines.map(one => one.id), ['twice']);
    const [metadata] = await routine.getMetadata();
    assert.strictEqual(metadata.routineType, 'SCALAR_FUNCTION');
    const [rows] = await bigquery.query('SELECT conformance.twice(21) AS n');
    assert.deepStrictEqual(rows, [{ n: 42 }]);
    await routine.delete();
    assert.deepStrictEqual(await routine.exists(), [false]);
  });
  await check('a data set with tables is not deleted', () => rejects(dataset.delete(), 400, 'resourceInUse'));
  await check('a table is deleted', async () => {
    await dataset.createTable('gone', { schema });
    await dataset.table('gone').delete();
    await rejects(dataset.table('gone').getMetadata(), 404, 'notFound');
  });
};
module.exports.open = open;
module.exports.rejects = rejects;
