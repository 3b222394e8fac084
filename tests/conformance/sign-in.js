// sign-in.js: a service account's key, tokens, permissions
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const assert = require('assert');
const crypto = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { BigQuery } = require('@google-cloud/bigquery');
const { OAuth2Client } = require('google-auth-library');
const { Server } = require('./server.js');

module.exports = async ({ check, program }) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
  const keyFilename = path.join(folder, 'key.json');
  const server = await Server.start(program, ['--issue-key', keyFilename, '--until-eof']);
  delete process.env.BIGQUERY_EMULATOR_HOST;
  let token;
  const local = async (method, uri, body) => {
    const answer = await fetch(`${server.url}${uri}`, { method, body: body && JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` } });
    assert.ok(answer.ok, `${method} ${uri}: ${answer.status}`);
  };

  await check('without a token nothing is told', async () => {
    const answer = await fetch(`${server.url}/bigquery/v2/projects/eros-rehearsal/datasets`);
    assert.strictEqual(answer.status, 401);
    assert.strictEqual((await answer.json()).error.errors[0].reason, 'authError');
  });
  // Google's library for Node asks oauth2.googleapis.com whatever the key file says, so the assertion is made here.
  const key = JSON.parse(fs.readFileSync(keyFilename));
  const sign = (claims, head = {}, pem = key.private_key) => {
    const now = Math.floor(Date.now() / 1000);
    const encode = object => Buffer.from(JSON.stringify(object)).toString('base64url');
    const text = `${encode({ alg: 'RS256', typ: 'JWT', kid: key.private_key_id, ...head })}.${encode({
      iss: key.client_email, scope: 'https://www.googleapis.com/auth/bigquery', aud: key.token_uri, iat: now,
      exp: now + 3600, ...claims })}`;
    return `${text}.${crypto.sign('RSA-SHA256', Buffer.from(text), pem).toString('base64url')}`;
  };
  const ask = async assertion => {
    const answer = await fetch(key.token_uri, { method: 'POST', body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }) });
    return { status: answer.status, ...await answer.json() };
  };
  const refused = async (assertion, text) => {
    const answer = await ask(assertion);
    assert.strictEqual(answer.status, 400);
    assert.strictEqual(answer.error, 'invalid_grant');
    assert.match(answer.error_description, text);
  };
  await check('a signed assertion gets a token', async () => {
    const answer = await ask(sign({}));
    assert.strictEqual(answer.status, 200);
    assert.strictEqual(answer.token_type, 'Bearer');
    assert.strictEqual(answer.expires_in, 3600);
    token = answer.access_token;
    const listed = await fetch(`${server.url}/bigquery/v2/projects/eros-rehearsal/datasets`,
      { headers: { Authorization: `Bearer ${answer.access_token}` } });
    assert.strictEqual(listed.status, 200);
  });
  const seconds = Math.floor(Date.now() / 1000);
  await check('an assertion of yesterday gets none', () =>
    refused(sign({ iat: seconds - 86400, exp: seconds - 82800 }), /short-lived/));
  await check('an assertion that lasts too long gets none', () => refused(sign({ exp: seconds + 7200 }), /short-lived/));
  await check('an assertion for somebody else gets none', () => refused(sign({ aud: 'https://example.org' }), /audience/));
  await check('an assertion of somebody else gets none', () => refused(sign({ iss: 'me@example.org' }), /account/));
  await check('an assertion without a scope gets none', async () =>
    assert.strictEqual((await ask(sign({ scope: '' }))).error, 'invalid_scope'));
  await check('an assertion signed with another key gets none', () => {
    const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    return refused(sign({}, {}, privateKey), /Signature/);
  });
  await check('no signature at all gets none', () => refused('a.b.c', /Invalid JWT/));

  const open = () => {
    const authClient = new OAuth2Client({ clientId: 'c', clientSecret: 's', endpoints: { oauth2TokenUrl: key.token_uri } });
    authClient.setCredentials({ refresh_token: key.refresh_token });
    return new BigQuery({ projectId: 'eros-rehearsal', authClient, apiEndpoint: server.endpoint });
  };
  await check('a person who has signed in stays signed in', async () => {
    const bigquery = open();
    const [rows] = await bigquery.query('SELECT SESSION_USER() AS who');
    assert.strictEqual(rows[0].who, key.client_email);
  });
  await check('a token that has expired is refused', async () => {
    const bigquery = open();
    await bigquery.getDatasets();
    await local('POST', '/_local/faults', { path: '/datasets', action: 'expire-token' });
    await assert.rejects(bigquery.getDatasets(), error => error.code === 401 && error.errors[0].reason === 'authError');
    await open().getDatasets();
  });
  await check('a busy server is asked again', async () => {
    const bigquery = open();
    await local('POST', '/_local/faults', { method: 'GET', path: '/datasets', times: 2, action: '503:backendError' });
    await bigquery.getDatasets();
    await local('DELETE', '/_local/faults');
  });
  await check('a missing permission is told', async () => {
    const bigquery = open();
    await local('POST', '/_local/permissions', { deny: ['bigquery.datasets.create'] });
    await assert.rejects(bigquery.createDataset('refused'), error => error.code === 403
      && error.errors[0].reason === 'accessDenied');
    await local('DELETE', '/_local/permissions');
    await bigquery.createDataset('allowed');
  });
  // Google's client uploads only when it has signed in
  const loader = open();
  await loader.createDataset('loads');
  await check('a local file is loaded', async () => {
    const file = path.join(folder, 'rows.csv');
    fs.writeFileSync(file, '1,one\n2,"two\nlines"\n3,"say ""hi"""\n');
    await loader.dataset('loads').table('loaded_file').load(file,
      { schema: 'id:INTEGER,name:STRING', allowQuotedNewlines: true });
    const [rows] = await loader.query('SELECT name FROM loads.loaded_file ORDER BY id');
    assert.deepStrictEqual(rows.map(row => row.name), ['one', 'two\nlines', 'say "hi"']);
  });
  await check('a bad row stops a load, and nothing is loaded', async () => {
    const file = path.join(folder, 'bad.csv');
    fs.writeFileSync(file, '1,one\nx,two\n');
    await assert.rejects(loader.dataset('loads').table('loaded_bad').load(file,
      { schema: 'id:INTEGER,name:STRING' }), /Unable to parse/);
    assert.deepStrictEqual(await loader.dataset('loads').table('loaded_bad').exists(), [false]);
  });
  await check('answers of a server that asks for tokens fit their schemas', () =>
    assert.deepStrictEqual(server.problems, []));
  await server.stop();
  fs.rmSync(folder, { recursive: true });
};
