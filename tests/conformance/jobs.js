// jobs.js: jobs: queries that change something, copies, loads, extracts
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const assert = require('assert');
const { open, rejects } = require('./datasets.js');

module.exports = async ({ server, check }) => {
  const bigquery = open(server);
  const dataset = bigquery.dataset('conformance');
  const run = async (query, options) => {
    const [job] = await bigquery.createQueryJob({ query, ...options });
    await job.getQueryResults();
    const [metadata] = await job.getMetadata();
    return metadata;
  };
  const count = async table => {
    const [rows] = await bigquery.query(`SELECT COUNT(*) AS n FROM \`${table}\``);
    return rows[0].n;
  };

  await check('a job keeps the id it was given', async () => {
    const [job] = await bigquery.createQueryJob({ query: 'SELECT 1', jobId: 'conformance-1' });
    assert.strictEqual(job.id, 'conformance-1');
    const [metadata] = await job.getMetadata();
    assert.strictEqual(metadata.jobReference.jobId, 'conformance-1');
  });
  await check('an id is never used twice', () =>
    rejects(bigquery.createQueryJob({ query: 'SELECT 2', jobId: 'conformance-1' }), 409, 'duplicate'));
  await check('an id has valid characters', () =>
    rejects(bigquery.createQueryJob({ query: 'SELECT 2', jobId: 'a b' }), 400, 'invalid'));
  await check('an unknown job is not found', () => rejects(bigquery.job('nothing').getMetadata(), 404, 'notFound'));
  await check('a job tells what it did', async () => {
    const metadata = await run('SELECT caption_id FROM `eros_platform.caption_bank`', { labels: { step: 'one' } });
    assert.strictEqual(metadata.status.state, 'DONE');
    assert.strictEqual(metadata.configuration.labels.step, 'one');
    assert.strictEqual(metadata.statistics.query.statementType, 'SELECT');
    assert.strictEqual(metadata.statistics.totalBytesProcessed, '16000');
    assert.strictEqual(metadata.statistics.query.totalBytesBilled, String(10 * 1024 * 1024));
    assert.strictEqual(metadata.statistics.query.referencedTables[0].tableId, 'caption_bank');
    assert.ok(Number(metadata.statistics.endTime) >= Number(metadata.statistics.startTime));
  });
  await check('a dry run estimates and makes no job', async () => {
    const [job] = await bigquery.createQueryJob({ query: 'SELECT caption_id FROM `eros_platform.caption_bank`',
      dryRun: true });
    assert.strictEqual(job.metadata.statistics.totalBytesProcessed, '16000');
    assert.strictEqual(job.metadata.statistics.query.schema.fields[0].name, 'caption_id');
    await rejects(bigquery.job(job.metadata.jobReference.jobId || 'none').getMetadata(), 404, 'notFound');
  });
  await check('a dry run finds errors', () =>
    rejects(bigquery.createQueryJob({ query: 'SELECT nope FROM `eros_platform.caption_bank`', dryRun: true }), 400,
      'invalidQuery'));
  await check('a job that failed is done', async () => {
    const [job] = await bigquery.createQueryJob("SELECT ERROR('broken')");
    await assert.rejects(job.getQueryResults(), /broken/);
    const [metadata] = await job.getMetadata();
    assert.strictEqual(metadata.status.state, 'DONE');
    assert.match(metadata.status.errorResult.message, /broken/);
  });
  await check('labels are checked', () =>
    rejects(bigquery.createQueryJob({ query: 'SELECT 1', labels: { BIG: 'x' } }), 400, 'invalid'));
  await check('the limit of bytes billed is kept', async () => {
    const [job] = await bigquery.createQueryJob({ query: 'SELECT * FROM `eros_platform.caption_bank`',
      maximumBytesBilled: '1' });
    await assert.rejects(job.getQueryResults(), error => error.errors[0].reason === 'bytesBilledLimitExceeded');
  });
  await check('a job ends at its time limit', async () => {
    const [job] = await bigquery.createQueryJob({ jobTimeoutMs: 300, query:
      'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) a, UNNEST(GENERATE_ARRAY(1, 100000)) b WHERE a * b = 7' });
    await assert.rejects(job.getQueryResults());
  });
  await check('a job is cancelled', async () => {
    const [job] = await bigquery.createQueryJob(
      'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) a, UNNEST(GENERATE_ARRAY(1, 100000)) b WHERE a * b = 7');
    await job.cancel();
    await assert.rejects(job.getQueryResults());
    const [metadata] = await job.getMetadata();
    assert.strictEqual(metadata.status.errorResult.reason, 'stopped');
  });
  await check('jobs are listed, the newest first', async () => {
    const [jobs] = await bigquery.getJobs({ maxResults: 5, autoPaginate: false });
    assert.strictEqual(jobs.length, 5);
    const times = jobs.map(job => Number(job.metadata.statistics.creationTime));
    assert.deepStrictEqual(times, [...times].sort((a, b) => b - a));
  });
  await check('jobs are listed by state', async () => {
    const [jobs] = await bigquery.getJobs({ stateFilter: 'done', maxResults: 2, autoPaginate: false });
    assert.ok(jobs.every(job => job.metadata.status.state === 'DONE'));
  });
  await check('a table is made by a statement', async () => {
    const metadata = await run('CREATE TABLE conformance.numbers AS SELECT n FROM UNNEST(GENERATE_ARRAY(1, 10)) AS n');
    assert.strictEqual(metadata.statistics.query.statementType, 'CREATE_TABLE_AS_SELECT');
    assert.strictEqual(metadata.statistics.query.ddlOperationPerformed, 'CREATE');
    assert.strictEqual(metadata.statistics.query.ddlTargetTable.tableId, 'numbers');
  });
  await check('changed rows are counted', async () => {
    const metadata = await run('UPDATE conformance.numbers SET n = n + 100 WHERE n > 7');
    assert.strictEqual(metadata.statistics.query.numDmlAffectedRows, '3');
    assert.strictEqual(metadata.statistics.query.dmlStats.updatedRowCount, '3');
  });
  await check('rows are merged', async () => {
    const metadata = await run('MERGE conformance.numbers t USING (SELECT n FROM UNNEST([1, 500]) AS n) s ON t.n = s.n ' +
      'WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (n) VALUES (s.n)');
    assert.strictEqual(metadata.statistics.query.dmlStats.insertedRowCount, '1');
    assert.strictEqual(metadata.statistics.query.dmlStats.deletedRowCount, '1');
    assert.strictEqual(await count('conformance.numbers'), 10);
  });
  await check('a query writes to a table', async () => {
    const destination = dataset.table('answers');
    await run('SELECT 1 AS n UNION ALL SELECT 2', { destination });
    assert.strictEqual(await count('conformance.answers'), 2);
    await run('SELECT 3 AS n', { destination, writeDisposition: 'WRITE_APPEND' });
    assert.strictEqual(await count('conformance.answers'), 3);
    await run('SELECT 4 AS n', { destination, writeDisposition: 'WRITE_TRUNCATE' });
    assert.strictEqual(await count('conformance.answers'), 1);
  });
  await check('a script has children', async () => {
    const [job] = await bigquery.createQueryJob('DECLARE x INT64 DEFAULT 1; SELECT x; SELECT x + 1;');
    await job.getQueryResults();
    const [metadata] = await job.getMetadata();
    assert.strictEqual(metadata.statistics.query.statementType, 'SCRIPT');
    const [children] = await bigquery.getJobs({ parentJobId: job.id });
    assert.strictEqual(String(children.length), metadata.statistics.numChildJobs);
    assert.ok(children.length >= 2);
    const [child] = await bigquery.job(children[0].id).getMetadata();
    assert.strictEqual(child.statistics.parentJobId, job.id);
    assert.ok(child.statistics.scriptStatistics.stackFrames[0].startLine >= 1);
  });
  await check('a transaction is all or nothing', async () => {
    await assert.rejects(bigquery.query('BEGIN TRANSACTION; DELETE FROM conformance.numbers WHERE TRUE; ' +
      "SELECT ERROR('no'); COMMIT TRANSACTION;"));
    assert.strictEqual(await count('conformance.numbers'), 10);
  });

  const copy = async (from, to, configuration) => {
    const [job] = await bigquery.createJob({ configuration: { copy: {
      sourceTable: { projectId: bigquery.projectId, datasetId: 'conformance', tableId: from },
      destinationTable: { projectId: bigquery.projectId, datasetId: 'conformance', tableId: to }, ...configuration } } });
    await new Promise((resolve, reject) => job.on('complete', resolve).on('error', reject));
    return job;
  };
  await check('a table is copied', async () => {
    await dataset.table('numbers').copy(dataset.table('numbers_copy'));
    assert.strictEqual(await count('conformance.numbers_copy'), 10);
  });
  await check('a copy does not overwrite', () =>
    assert.rejects(dataset.table('numbers').copy(dataset.table('numbers_copy'), { writeDisposition: 'WRITE_EMPTY' }),
      /Already Exists/));
  await check('a copy appends', async () => {
    await dataset.table('numbers').copy(dataset.table('numbers_copy'), { writeDisposition: 'WRITE_APPEND' });
    assert.strictEqual(await count('conformance.numbers_copy'), 20);
  });
  await check('a snapshot is taken', async () => {
    const expiration = new Date(Date.now() + 3600000).toISOString();
    await copy('numbers', 'numbers_snapshot', { operationType: 'SNAPSHOT', destinationExpirationTime: expiration });
    const [metadata] = await dataset.table('numbers_snapshot').getMetadata();
    assert.strictEqual(metadata.type, 'SNAPSHOT');
    assert.strictEqual(metadata.snapshotDefinition.baseTableReference.tableId, 'numbers');
    assert.strictEqual(metadata.numRows, '10');
    assert.ok(metadata.expirationTime);
  });
  await check('a snapshot is not written to', () =>
    assert.rejects(bigquery.query('DELETE FROM conformance.numbers_snapshot WHERE TRUE')));
  await check('a snapshot restores a table', async () => {
    await bigquery.query('DELETE FROM conformance.numbers WHERE n > 3');
    await copy('numbers_snapshot', 'numbers', { operationType: 'RESTORE', writeDisposition: 'WRITE_TRUNCATE' });
    assert.strictEqual(await count('conformance.numbers'), 10);
    const [metadata] = await dataset.table('numbers').getMetadata();
    assert.strictEqual(metadata.type, 'TABLE');
  });
  await check('a clone lives on its own', async () => {
    await copy('numbers', 'numbers_clone', { operationType: 'CLONE' });
    await bigquery.query('DELETE FROM conformance.numbers_clone WHERE n > 3');
    assert.strictEqual(await count('conformance.numbers'), 10);
    assert.strictEqual(await count('conformance.numbers_clone'), 2);
    const [metadata] = await dataset.table('numbers_clone').getMetadata();
    assert.strictEqual(metadata.cloneDefinition.baseTableReference.tableId, 'numbers');
  });
  await check('the past of a table is copied', async () => {
    const before = Date.now();
    await new Promise(resolve => setTimeout(resolve, 5));
    await bigquery.query('DELETE FROM conformance.numbers WHERE TRUE');
    await copy(`numbers@${before}`, 'numbers_past', {});
    assert.strictEqual(await count('conformance.numbers_past'), 10);
  });
};
