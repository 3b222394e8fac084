// plain.js: what the clients do not ask for, asked plainly, so that these answers are held against their schemas too
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const assert = require('assert');

const PROJECT = '/bigquery/v2/projects/eros-rehearsal';

module.exports = async ({ server, check }) => {
  const ask = async (method, path, body, status = 200) => {
    const answer = await fetch(server.endpoint + path, { method, body: body && JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' } });
    const text = await answer.text();
    assert.strictEqual(answer.status, status, text);
    return text === '' ? {} : JSON.parse(text);
  };

  await check('projects are listed', async () => {
    const answer = await ask('GET', '/bigquery/v2/projects');
    assert.strictEqual(answer.projects[0].projectReference.projectId, 'eros-rehearsal');
  });
  await check("the project's service account is told", async () =>
    assert.match((await ask('GET', `${PROJECT}/serviceAccount`)).email, /@/));
  await check('a query is answered in one call', async () => {
    const answer = await ask('POST', `${PROJECT}/queries`, { query: "SELECT TIMESTAMP '2025-10-31 14:00:00.000001+00' AS t",
      useLegacySql: false, formatOptions: { useInt64Timestamp: true } });
    assert.strictEqual(answer.rows[0].f[0].v, '1761919200000001');
  });
  await check('a dry run is answered in one call', async () => {
    const answer = await ask('POST', `${PROJECT}/queries`, { query: 'SELECT caption_id FROM `eros_platform.caption_bank`',
      useLegacySql: false, dryRun: true });
    assert.strictEqual(answer.totalBytesProcessed, '16000');
    assert.strictEqual(answer.jobReference.jobId, undefined);
  });
  await check('the same requestId is the same job', async () => {
    const body = { query: 'SELECT RAND() AS r', useLegacySql: false, requestId: 'once' };
    const [one, two] = [await ask('POST', `${PROJECT}/queries`, body), await ask('POST', `${PROJECT}/queries`, body)];
    assert.deepStrictEqual(one.rows, two.rows);
    assert.strictEqual(one.jobReference.jobId, two.jobReference.jobId);
  });
  await check('a query that takes longer is not complete yet', async () => {
    const answer = await ask('POST', `${PROJECT}/queries`, { timeoutMs: 1, useLegacySql: false, query:
      'SELECT COUNT(*) AS n FROM UNNEST(GENERATE_ARRAY(1, 2000)) a, UNNEST(GENERATE_ARRAY(1, 2000)) b WHERE a * b = 7' });
    assert.strictEqual(answer.jobComplete, false);
    let later = answer;
    while (!later.jobComplete)
      later = await ask('GET', `${PROJECT}/queries/${answer.jobReference.jobId}?timeoutMs=1000`);
    assert.deepStrictEqual(later.rows, [{ f: [{ v: '2' }] }]);
  });
  await check('no rows are told when none are asked for', async () => {
    const first = await ask('POST', `${PROJECT}/queries`, { query: 'SELECT 1 AS n', useLegacySql: false });
    const answer = await ask('GET', `${PROJECT}/queries/${first.jobReference.jobId}?maxResults=0`);
    assert.strictEqual(answer.totalRows, '1');
    assert.strictEqual(answer.rows, undefined);
  });
  await check('a result without a table is read like one', async () => {
    const first = await ask('POST', `${PROJECT}/queries`, { query: 'SELECT 7 AS n', useLegacySql: false });
    const job = await ask('GET', `${PROJECT}/jobs/${first.jobReference.jobId}`);
    const table = job.configuration.query.destinationTable;
    const answer = await ask('GET', `${PROJECT}/datasets/${table.datasetId}/tables/${table.tableId}/data`);
    assert.deepStrictEqual(answer.rows, [{ f: [{ v: '7' }] }]);
  });
  await check('a job elsewhere is found only there', async () => {
    const reference = { projectId: 'eros-rehearsal', jobId: 'elsewhere', location: 'europe-west1' };
    await ask('POST', `${PROJECT}/jobs`, { jobReference: reference,
      configuration: { query: { query: 'SELECT 1', useLegacySql: false } } });
    await ask('GET', `${PROJECT}/jobs/elsewhere`, undefined, 404);
    await ask('GET', `${PROJECT}/jobs/elsewhere?location=europe-west1`);
  });
  await check('a done job is deleted, and its id stays taken', async () => {
    const configuration = { query: { query: 'SELECT 1', useLegacySql: false } };
    await ask('POST', `${PROJECT}/jobs`, { jobReference: { jobId: 'gone' }, configuration });
    await ask('GET', `${PROJECT}/queries/gone`);
    await ask('DELETE', `${PROJECT}/jobs/gone/delete`, undefined, 204);
    await ask('GET', `${PROJECT}/jobs/gone`, undefined, 404);
    await ask('POST', `${PROJECT}/jobs`, { jobReference: { jobId: 'gone' }, configuration }, 409);
  });
  await check('a method that a proxy does not let pass goes in a header', async () => {
    const answer = await fetch(`${server.url}${PROJECT}/datasets/conformance`, { method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-HTTP-Method-Override': 'PATCH' }, body: JSON.stringify({ friendlyName: 'Conformance' }) });
    assert.strictEqual((await answer.json()).friendlyName, 'Conformance');
  });
  await check('scheduled queries are listed and paused', async () => {
    const path = '/v1/projects/eros-rehearsal/locations/us/transferConfigs';
    const { transferConfigs } = await ask('GET', `${path}?dataSourceIds=scheduled_query`);
    assert.strictEqual(transferConfigs.length, 3);
    const paused = await ask('PATCH', `/v1/${transferConfigs[0].name}?updateMask=disabled`, { disabled: true });
    assert.strictEqual(paused.disabled, true);
    await ask('GET', `/v1/${transferConfigs[0].name}/runs`);
    await ask('PATCH', `/v1/${transferConfigs[0].name}?updateMask=disabled`, { disabled: false });
  });
  await check('what is updated as a whole answers like what is patched', async () => {
    const dataset = `${PROJECT}/datasets/conformance`;
    const put = async path => {
      const now = await ask('GET', path);
      return ask('PUT', path, { ...now, description: 'whole' });
    };
    assert.strictEqual((await put(dataset)).description, 'whole');
    await ask('POST', `${PROJECT}/queries`, { query: 'CREATE TABLE conformance.whole AS SELECT 1 AS n; ' +
      'CREATE FUNCTION conformance.one() AS (1)', useLegacySql: false });
    assert.strictEqual((await put(`${dataset}/tables/whole`)).description, 'whole');
    assert.strictEqual((await put(`${dataset}/routines/one`)).description, 'whole');
  });
  await check('a bucket is patched, and an object copied in one call', async () => {
    await ask('POST', '/storage/v1/b?project=eros-rehearsal', { name: 'plain-bucket' });
    const bucket = await ask('PATCH', '/storage/v1/b/plain-bucket', { labels: { team: 'eros' } });
    assert.deepStrictEqual(bucket.labels, { team: 'eros' });
    await ask('POST', '/upload/storage/v1/b/plain-bucket/o?uploadType=media&name=one', { a: 1 });
    const copy = await ask('POST', '/storage/v1/b/plain-bucket/o/one/copyTo/b/plain-bucket/o/two', {});
    assert.strictEqual(copy.name, 'two');
  });
  await check('scheduled queries are found without a location, and one by one', async () => {
    const { transferConfigs } = await ask('GET', '/v1/projects/eros-rehearsal/transferConfigs');
    const one = await ask('GET', `/v1/${transferConfigs[0].name}`);
    assert.deepStrictEqual(one, transferConfigs[0]);
  });
  await check('fifty clients lose no update and get no server error', async () => {
    await ask('POST', `${PROJECT}/queries`, { query: 'CREATE TABLE conformance.counters AS SELECT n, 0 AS hits ' +
      'FROM UNNEST(GENERATE_ARRAY(0, 4)) AS n', useLegacySql: false });
    const statuses = {};
    let updates = 0;
    const client = async number => {
      for (let i = 0; i < 6; i++) {
        const query = i % 2 === 0 ? `UPDATE conformance.counters SET hits = hits + 1 WHERE n = ${number % 5}`
          : 'SELECT SUM(hits) AS n FROM conformance.counters';
        const answer = await fetch(`${server.url}${PROJECT}/queries`, { method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ query, useLegacySql: false }) });
        statuses[answer.status] = (statuses[answer.status] || 0) + 1;
        await answer.text();
        updates += i % 2 === 0;
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, i) => client(i)));
    assert.deepStrictEqual(statuses, { 200: 300 });
    const answer = await ask('POST', `${PROJECT}/queries`, { query: 'SELECT SUM(hits) AS n FROM conformance.counters',
      useLegacySql: false });
    assert.strictEqual(answer.rows[0].f[0].v, String(updates));
  });
};
