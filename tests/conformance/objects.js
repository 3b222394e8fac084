// objects.js: what else @google-cloud/storage can do with buckets and objects
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const assert = require('assert');
const zlib = require('zlib');
const { Storage } = require('@google-cloud/storage');

const NAME = 'conformance-objects';
const MANY = ['b/1', 'b/2', 'b/x/3', 'c/1', 'copies', 'd.csv', 'e.csv', 'ü/ä ö?#%.txt'];

const failsWith = (promise, code) => assert.rejects(promise, error => {
  assert.strictEqual(Number(error.code), code, error.message);
  return true;
});

const textOf = async (file, options) => (await file.download(options))[0].toString();
const save = (file, text, options) => file.save(text, { resumable: false, ...options });

async function buckets(storage, bucket, check) {
  await check('a bucket that is not there does not exist', async () =>
    assert.deepStrictEqual(await bucket.exists(), [false]));
  await check('a bucket is got or made', async () => {
    const [made] = await bucket.get({ autoCreate: true });
    assert.strictEqual(made.name, NAME);
    assert.deepStrictEqual(await bucket.exists(), [true]);
  });
  await check('a bucket tells what it is', async () => {
    const [metadata] = await bucket.getMetadata();
    assert.strictEqual(metadata.kind, 'storage#bucket');
    assert.strictEqual(metadata.id, NAME);
    assert.strictEqual(metadata.metageneration, '1');
    assert.ok(metadata.timeCreated && metadata.location && metadata.storageClass && metadata.etag);
  });
  await check('labels are set', async () => {
    await bucket.setLabels({ team: 'x', env: 'test' });
    assert.deepStrictEqual((await bucket.getLabels())[0], { team: 'x', env: 'test' });
  });
  await check('a label is deleted', async () => {
    await bucket.deleteLabels('env');
    assert.deepStrictEqual((await bucket.getLabels())[0], { team: 'x' });
  });
  await check('all labels are deleted', async () => {
    await bucket.deleteLabels();
    assert.deepStrictEqual((await bucket.getLabels())[0], {});
  });
  await check('a rule of a life cycle is added', async () => {
    await bucket.addLifecycleRule({ action: { type: 'Delete' }, condition: { age: 30 } });
    const [metadata] = await bucket.getMetadata();
    assert.deepStrictEqual(metadata.lifecycle.rule, [{ action: { type: 'Delete' }, condition: { age: 30 } }]);
  });
  await check('metadata are changed under a condition', async () => {
    const [{ metageneration }] = await bucket.getMetadata();
    await bucket.setMetadata({ labels: { a: 'b' } }, { ifMetagenerationMatch: metageneration });
    await failsWith(bucket.setMetadata({ labels: { a: 'c' } }, { ifMetagenerationMatch: metageneration }), 412);
    assert.deepStrictEqual((await bucket.getLabels())[0], { a: 'b' });
  });
  await check('buckets are listed by prefix', async () => {
    const [found] = await storage.getBuckets({ prefix: 'conformance-o' });
    assert.deepStrictEqual(found.map(one => one.name), [NAME]);
  });
  await check('buckets are listed page by page', async () => {
    const [first, next] = await storage.getBuckets({ maxResults: 1, autoPaginate: false });
    assert.strictEqual(first.length, 1);
    assert.ok(next.pageToken);
  });
  await check('a bucket with a name that cannot be is refused', () => failsWith(storage.createBucket('No Such_Name'), 400));
  await check('the policy of a bucket is told', async () => {
    const [policy] = await bucket.iam.getPolicy();
    assert.ok(policy.bindings.length > 0);
  });
  await check('permissions that cannot be meant are refused', () => failsWith(bucket.iam.testPermissions(['bigquery.jobs.create']), 400));
  await check('the service account of a project is told', async () => {
    const [account] = await storage.getServiceAccount();
    assert.match(account.emailAddress, /@/);
  });
}

async function contents(bucket, check) {
  const file = bucket.file('one');

  await check('an object that is not there does not exist', async () => assert.deepStrictEqual(await file.exists(), [false]));
  await check('an object that is there exists', async () => {
    await save(file, 'one');
    assert.deepStrictEqual(await file.exists(), [true]);
  });
  await check('an object tells what it is', async () => {
    const [metadata] = await file.getMetadata();
    assert.strictEqual(metadata.kind, 'storage#object');
    assert.strictEqual(metadata.bucket, NAME);
    assert.strictEqual(metadata.size, '3');
    assert.ok(metadata.crc32c && metadata.generation && metadata.timeCreated && metadata.mediaLink);
  });
  await check('an empty object is saved and read', async () => {
    await save(bucket.file('empty'), '');
    assert.strictEqual(await textOf(bucket.file('empty')), '');
  });
  await check('bytes come back as they were', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await save(bucket.file('bytes'), bytes);
    assert.ok((await bucket.file('bytes').download())[0].equals(bytes));
  });
  await check('the checksum of an object is told', async () => {
    await save(bucket.file('sum'), '123456789');
    assert.strictEqual((await bucket.file('sum').getMetadata())[0].crc32c, '4waSgw==');
  });
  await check('the type follows from the name', async () => {
    await save(bucket.file('page.html'), '<p>');
    assert.strictEqual((await bucket.file('page.html').getMetadata())[0].contentType, 'text/html');
  });
  await check('what is compressed on the way up is told', async () => {
    await save(bucket.file('zipped'), 'x'.repeat(1000), { gzip: true });
    const [metadata] = await bucket.file('zipped').getMetadata();
    assert.strictEqual(metadata.contentEncoding, 'gzip');
    assert.ok(Number(metadata.size) < 1000);
  });
  await check('what is compressed is read as it was', async () =>
    assert.strictEqual(await textOf(bucket.file('zipped')), 'x'.repeat(1000)));
  await check('what is compressed is read as it is kept', async () => {
    const [bytes] = await bucket.file('zipped').download({ decompress: false });
    assert.strictEqual(zlib.gunzipSync(bytes).toString(), 'x'.repeat(1000));
  });
  await check('the last bytes are read', async () =>
    assert.strictEqual(await textOf(bucket.file('sum'), { end: -3, validation: false }), '789'));
  await check('what begins behind the end is no range', () =>
    failsWith(bucket.file('sum').download({ start: 100, end: 110, validation: false }), 416));
  await check('an object is read as a stream', async () => {
    const parts = [];
    for await (const part of bucket.file('sum').createReadStream())
      parts.push(part);
    assert.strictEqual(Buffer.concat(parts).toString(), '123456789');
  });
  await check('a sum that does not fit is refused', () =>
    failsWith(save(bucket.file('wrong'), 'x', { metadata: { md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==' }, validation: false }), 400));
  await check('what was refused is not there', async () =>
    assert.deepStrictEqual(await bucket.file('wrong').exists(), [false]));
}

async function generations(bucket, check) {
  const file = bucket.file('kept');
  let first;

  await check('an object that is saved again has another generation', async () => {
    await save(file, 'first');
    first = (await file.getMetadata())[0].generation;
    await save(file, 'second');
    assert.notStrictEqual((await file.getMetadata())[0].generation, first);
    assert.strictEqual(await textOf(file), 'second');
  });
  await check('an old generation is not there without versions', () =>
    failsWith(bucket.file('kept', { generation: first }).download(), 404));
  await check('what has changed in between is not saved over', () =>
    failsWith(save(file, 'x', { preconditionOpts: { ifGenerationMatch: first } }), 412));
  await check('what has changed in between is not deleted', () => failsWith(file.delete({ ifGenerationMatch: first }), 412));
  await check('what has not changed is saved over', async () => {
    const [{ generation }] = await file.getMetadata();
    await save(file, 'third', { preconditionOpts: { ifGenerationMatch: generation } });
    assert.strictEqual(await textOf(file), 'third');
  });
  await check('metadata count their changes', async () => {
    const [before] = await file.getMetadata();
    await file.setMetadata({ metadata: { a: 'b' } });
    const [after] = await file.getMetadata();
    assert.strictEqual(after.generation, before.generation);
    assert.strictEqual(Number(after.metageneration), Number(before.metageneration) + 1);
  });
  await check('metadata are taken away one by one', async () => {
    await file.setMetadata({ metadata: { c: 'd' } });
    await file.setMetadata({ metadata: { a: null } });
    assert.deepStrictEqual((await file.getMetadata())[0].metadata, { c: 'd' });
  });
  await check('metadata are not changed under a wrong condition', () =>
    failsWith(file.setMetadata({ metadata: { e: 'f' } }, { ifMetagenerationMatch: 99 }), 412));
  for (const [member, value] of [['cacheControl', 'no-store'], ['contentDisposition', 'attachment'],
    ['contentLanguage', 'de'], ['contentType', 'text/plain'], ['customTime', '2024-01-02T03:04:05.000Z']])
    await check(`${member} is kept`, async () => {
      await file.setMetadata({ [member]: value });
      assert.strictEqual(String((await file.getMetadata())[0][member]).replace(/Z$|\.000Z$/, ''), value.replace(/\.000Z$/, ''));
    });
}

async function copies(bucket, check) {
  const file = bucket.file('source');

  await check('a copy has the metadata of what it is of', async () => {
    await save(file, 'source', { metadata: { contentType: 'text/css', metadata: { a: 'b' } } });
    await file.copy(bucket.file('copied'));
    const [metadata] = await bucket.file('copied').getMetadata();
    assert.deepStrictEqual([metadata.contentType, metadata.metadata], ['text/css', { a: 'b' }]);
  });
  await check('a copy has the metadata that are said', async () => {
    await file.copy(bucket.file('said'), { contentType: 'text/csv', metadata: { x: 'y' } });
    const [metadata] = await bucket.file('said').getMetadata();
    assert.deepStrictEqual([metadata.contentType, metadata.metadata], ['text/csv', { x: 'y' }]);
  });
  await check('a copy goes into a folder', async () => {
    await file.copy('folder/deep/copied');
    assert.strictEqual(await textOf(bucket.file('folder/deep/copied')), 'source');
  });
  await check('a copy does not overwrite when it must be new', () =>
    failsWith(file.copy(bucket.file('copied'), { preconditionOpts: { ifGenerationMatch: 0 } }), 412));
  await check('a copy of nothing is not found', () => failsWith(bucket.file('nothing').copy('x'), 404));
  await check('an object is moved', async () => {
    await bucket.file('copied').move('moved');
    assert.deepStrictEqual([await bucket.file('copied').exists(), await bucket.file('moved').exists()], [[false], [true]]);
  });
  await check('an object is renamed', async () => {
    await bucket.file('moved').rename('renamed');
    assert.strictEqual(await textOf(bucket.file('renamed')), 'source');
  });
  await check('an object is moved in one step', async () => {
    await bucket.file('renamed').moveFileAtomic('at-once');
    assert.strictEqual(await textOf(bucket.file('at-once')), 'source');
    assert.deepStrictEqual(await bucket.file('renamed').exists(), [false]);
  });
  await check('three objects become one', async () => {
    await bucket.combine(['source', 'said', 'one'], 'three');
    assert.strictEqual(await textOf(bucket.file('three')), 'sourcesourceone');
    assert.strictEqual((await bucket.file('three').getMetadata())[0].componentCount, 3);
  });
  await check('what is combined of nothing is not found', () => failsWith(bucket.combine(['source', 'nothing'], 'four'), 404));
}

async function lists(bucket, check) {
  const names = async query => (await bucket.getFiles(query))[0].map(file => file.name);

  await Promise.all(MANY.map(name => save(bucket.file(name), 'x')));
  await check('objects with all kinds of names are read', async () => {
    assert.strictEqual(await textOf(bucket.file(MANY[7])), 'x');
    assert.deepStrictEqual(await names({ prefix: 'ü/' }), [MANY[7]]);
  });
  for (const [what, query, expected] of [
    ['a prefix', { prefix: 'b/' }, ['b/1', 'b/2', 'b/x/3']],
    ['a prefix that fits nothing', { prefix: 'nothing' }, []],
    ['a glob', { matchGlob: '*.csv' }, ['d.csv', 'e.csv']],
    ['a glob over folders', { matchGlob: 'b/**' }, ['b/1', 'b/2', 'b/x/3']],
    ['a glob with choices', { matchGlob: '{d,e}.csv' }, ['d.csv', 'e.csv']],
    ['an offset', { startOffset: 'c/', endOffset: 'e.', prefix: '' }, ['c/1', 'copies', 'd.csv']],
    ['a delimiter', { prefix: 'b/', delimiter: '/', autoPaginate: false }, ['b/1', 'b/2']],
  ])
    await check(`objects are listed by ${what}`, async () => assert.deepStrictEqual(await names(query), expected));
  await check('objects are listed as a stream', async () => {
    const found = [];
    for await (const file of bucket.getFilesStream({ prefix: 'b/' }))
      found.push(file.name);
    assert.deepStrictEqual(found, ['b/1', 'b/2', 'b/x/3']);
  });
  await check('every page has what it may have', async () => {
    const sizes = [];
    let query = { prefix: 'b/', maxResults: 2, autoPaginate: false };
    while (query) {
      const [files, next] = await bucket.getFiles(query);
      sizes.push(files.length);
      query = next;
    }
    assert.deepStrictEqual(sizes, [2, 1]);
  });
  await check('some members are told', async () => {
    const [, , answer] = await bucket.getFiles({ prefix: 'd', fields: 'items(name,size)', autoPaginate: false });
    assert.deepStrictEqual(answer.items, [{ name: 'd.csv', size: '1' }]);
  });
  await check('an object is deleted', async () => {
    await bucket.file('d.csv').delete();
    assert.deepStrictEqual(await bucket.file('d.csv').exists(), [false]);
  });
  await check('what is deleted is not deleted again', () => failsWith(bucket.file('d.csv').delete(), 404));
  await check('what is not there may be left alone', () => bucket.file('d.csv').delete({ ignoreNotFound: true }));
  await check('objects are deleted by prefix', async () => {
    await bucket.deleteFiles({ prefix: 'b/' });
    assert.deepStrictEqual(await names({ prefix: 'b/' }), []);
    assert.deepStrictEqual(await names({ prefix: 'c/' }), ['c/1']);
  });
}

module.exports = async ({ server, check }) => {
  const storage = new Storage({ projectId: 'eros-rehearsal', apiEndpoint: server.endpoint,
    useAuthWithCustomEndpoint: false, retryOptions: { autoRetry: false } });
  const bucket = storage.bucket(NAME);

  await buckets(storage, bucket, check);
  for (const suite of [contents, generations, copies, lists])
    await suite(bucket, check);
  await check('all objects are deleted, and then the bucket', async () => {
    await bucket.deleteFiles({ force: true });
    await bucket.delete();
    assert.deepStrictEqual(await bucket.exists(), [false]);
  });
};
