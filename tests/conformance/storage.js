// storage.js: buckets and objects through @google-cloud/storage, and jobs that read and write them
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const assert = require('assert');
const crypto = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { Storage } = require('@google-cloud/storage');
const { open } = require('./datasets.js');

module.exports = async ({ server, check }) => {
  const storage = new Storage({ projectId: 'eros-rehearsal', apiEndpoint: server.endpoint, useAuthWithCustomEndpoint: false });
  const bigquery = open(server);
  const bucket = storage.bucket('conformance-bucket');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
  const failsWith = (promise, code) => assert.rejects(promise, error => {
    assert.strictEqual(Number(error.code), code, error.message);
    return true;
  });

  await check('the backup bucket is there', async () =>
    assert.deepStrictEqual(await storage.bucket('eros-platform-backups').exists(), [true]));
  await check('a bucket is created', async () => {
    const [made] = await storage.createBucket('conformance-bucket', { location: 'US' });
    assert.strictEqual(made.metadata.name, 'conformance-bucket');
  });
  await check('a bucket is created once', () => failsWith(storage.createBucket('conformance-bucket'), 409));
  await check('buckets are listed', async () => {
    const [buckets] = await storage.getBuckets();
    assert.deepStrictEqual(buckets.map(one => one.name), ['conformance-bucket', 'eros-platform-backups']);
  });
  await check('an unknown bucket is not found', () => failsWith(storage.bucket('nothing-here').getMetadata(), 404));
  await check('an object is saved and read', async () => {
    await bucket.file('a/one.txt').save('hello wörld', { resumable: false, contentType: 'text/plain' });
    const [contents] = await bucket.file('a/one.txt').download();
    assert.strictEqual(contents.toString(), 'hello wörld');
  });
  await check('an object knows its checksums', async () => {
    const [metadata] = await bucket.file('a/one.txt').getMetadata();
    assert.strictEqual(metadata.size, '12');
    assert.strictEqual(metadata.contentType, 'text/plain');
    assert.strictEqual(metadata.md5Hash, crypto.createHash('md5').update('hello wörld').digest('base64'));
  });
  await check('an object is uploaded bit by bit', async () => {
    const data = crypto.randomBytes(3 * 1024 * 1024 + 17);
    const file = path.join(folder, 'large');
    fs.writeFileSync(file, data);
    await bucket.upload(file, { destination: 'large.bin', resumable: true, chunkSize: 1024 * 1024 });
    const [contents] = await bucket.file('large.bin').download({ validation: 'crc32c' });
    assert.ok(contents.equals(data));
  });
  await check('a stream is uploaded', async () => {
    await new Promise((resolve, reject) => {
      const stream = bucket.file('a/stream.txt').createWriteStream({ resumable: true });
      stream.on('finish', resolve).on('error', reject);
      stream.write('one ');
      stream.end('two');
    });
    const [contents] = await bucket.file('a/stream.txt').download();
    assert.strictEqual(contents.toString(), 'one two');
  });
  await check('a part of an object is read', async () => {
    const [contents] = await bucket.file('a/one.txt').download({ start: 6, end: 8, validation: false });
    assert.strictEqual(contents.toString(), 'wö');
  });
  await check('an object is not overwritten when it must be new', () =>
    failsWith(bucket.file('a/one.txt', ).save('x', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } }), 412));
  await check('metadata is kept and changed', async () => {
    await bucket.file('a/meta.txt').save('x', { resumable: false, metadata: { metadata: { owner: 'me' } } });
    await bucket.file('a/meta.txt').setMetadata({ contentType: 'text/css' });
    const [metadata] = await bucket.file('a/meta.txt').getMetadata();
    assert.strictEqual(metadata.contentType, 'text/css');
    assert.deepStrictEqual(metadata.metadata, { owner: 'me' });
  });
  await check('objects are listed by prefix', async () => {
    const [files] = await bucket.getFiles({ prefix: 'a/' });
    assert.deepStrictEqual(files.map(file => file.name), ['a/meta.txt', 'a/one.txt', 'a/stream.txt']);
  });
  await check('folders are told with a delimiter', async () => {
    const [files, , answer] = await bucket.getFiles({ delimiter: '/', autoPaginate: false });
    assert.deepStrictEqual(files.map(file => file.name), ['large.bin']);
    assert.deepStrictEqual(answer.prefixes, ['a/']);
  });
  await check('objects are listed page by page', async () => {
    const names = [];
    let query = { maxResults: 2, autoPaginate: false };
    while (query) {
      const [files, next] = await bucket.getFiles(query);
      names.push(...files.map(file => file.name));
      query = next;
    }
    assert.deepStrictEqual(names, ['a/meta.txt', 'a/one.txt', 'a/stream.txt', 'large.bin']);
  });
  await check('an object is copied', async () => {
    await bucket.file('a/one.txt').copy('a/two.txt');
    const [contents] = await bucket.file('a/two.txt').download();
    assert.strictEqual(contents.toString(), 'hello wörld');
  });
  await check('objects are combined', async () => {
    await bucket.combine(['a/one.txt', 'a/two.txt'], 'a/both.txt');
    const [contents] = await bucket.file('a/both.txt').download();
    assert.strictEqual(contents.toString(), 'hello wörldhello wörld');
  });
  await check('permissions on a bucket are told', async () => {
    const [answer] = await bucket.iam.testPermissions(['storage.objects.get', 'storage.objects.create']);
    assert.deepStrictEqual(answer, { 'storage.objects.get': true, 'storage.objects.create': true });
  });
  await check('an unknown object is not found', () => failsWith(bucket.file('nothing').download(), 404));

  await bigquery.query('CREATE OR REPLACE TABLE conformance.export AS ' +
    "SELECT 1 AS id, 'a,b' AS name, TIMESTAMP '2025-10-31 14:00:00+00' AS seen, [1, 2] AS list UNION ALL " +
    "SELECT 2, NULL, NULL, []");
  await check('a table is extracted as JSON', async () => {
    await bigquery.dataset('conformance').table('export').extract(bucket.file('out/rows.json'), { format: 'JSON' });
    const [contents] = await bucket.file('out/rows.json').download();
    const rows = contents.toString().trim().split('\n').map(line => JSON.parse(line)).sort((a, b) => a.id - b.id);
    assert.deepStrictEqual(rows[0], { id: '1', name: 'a,b', seen: '2025-10-31 14:00:00 UTC', list: ['1', '2'] });
    assert.deepStrictEqual(rows[1], { id: '2', list: [] });
  });
  await check('a table with lists is not extracted as CSV', () =>
    assert.rejects(bigquery.dataset('conformance').table('export').extract(bucket.file('out/rows.csv'))));
  await check('a table is extracted as compressed CSV', async () => {
    await bigquery.query('CREATE OR REPLACE TABLE conformance.flat AS SELECT id, name, seen FROM conformance.export');
    await bigquery.dataset('conformance').table('flat').extract(bucket.file('out/rows-*.csv.gz'), { gzip: true });
    const [contents] = await bucket.file('out/rows-000000000000.csv.gz').download({ decompress: false });
    const text = require('zlib').gunzipSync(contents).toString();
    assert.strictEqual(text.split('\n')[0], 'id,name,seen');
    assert.match(text, /^1,"a,b",2025-10-31 14:00:00 UTC$/m);
    assert.match(text, /^2,,$/m);
  });
  await check('JSON is loaded from a bucket', async () => {
    const schema = { fields: [{ name: 'id', type: 'INT64' }, { name: 'name', type: 'STRING' },
      { name: 'seen', type: 'TIMESTAMP' }, { name: 'list', type: 'INT64', mode: 'REPEATED' }] };
    await bigquery.dataset('conformance').table('loaded').load(bucket.file('out/rows.json'),
      { sourceFormat: 'NEWLINE_DELIMITED_JSON', schema });
    const [rows] = await bigquery.query('SELECT * FROM conformance.loaded ORDER BY id');
    assert.deepStrictEqual(rows[0].list, [1, 2]);
    assert.strictEqual(rows[0].seen.value, '2025-10-31T14:00:00.000Z');
    assert.strictEqual(rows[1].name, null);
  });
  await check('compressed CSV is loaded from a bucket', async () => {
    await bigquery.dataset('conformance').table('loaded_csv').load(bucket.file('out/rows-*.csv.gz'),
      { skipLeadingRows: 1, schema: { fields: [{ name: 'id', type: 'INTEGER' }, { name: 'name', type: 'STRING' },
        { name: 'seen', type: 'TIMESTAMP' }] } });
    const [rows] = await bigquery.query('SELECT name FROM conformance.loaded_csv ORDER BY id');
    assert.deepStrictEqual(rows, [{ name: 'a,b' }, { name: null }]);
  });
  await check('a bucket with objects is not deleted', () => failsWith(bucket.delete(), 409));
  await check('objects and the bucket are deleted', async () => {
    await bucket.deleteFiles();
    await bucket.delete();
    assert.deepStrictEqual(await bucket.exists(), [false]);
  });
  fs.rmSync(folder, { recursive: true });
};
