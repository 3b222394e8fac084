// conformance.js: Google's own clients against the local BigQuery
//
// Prints TAP. Every answer that a client gets is also held against the discovery documents.
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const { Server } = require('./server.js');

const { looked } = require('./schema.js');

// The methods that the server has and that answer with JSON: each must have been looked at.
const METHODS = {
  bigquery: ['projects.list', 'projects.getServiceAccount', 'datasets.list', 'datasets.insert', 'datasets.get',
    'datasets.patch', 'datasets.update', 'tables.list', 'tables.insert', 'tables.get', 'tables.patch', 'tables.update',
    'tables.testIamPermissions', 'tabledata.list', 'tabledata.insertAll', 'routines.list', 'routines.insert',
    'routines.get', 'routines.update', 'jobs.list', 'jobs.insert', 'jobs.get', 'jobs.cancel', 'jobs.query',
    'jobs.getQueryResults'],
  storage: ['buckets.list', 'buckets.insert', 'buckets.get', 'buckets.patch', 'buckets.testIamPermissions',
    'objects.list', 'objects.insert', 'objects.get', 'objects.patch', 'objects.copy', 'objects.rewrite',
    'objects.compose'],
  bigquerydatatransfer: ['projects.locations.transferConfigs.list', 'projects.transferConfigs.list',
    'projects.locations.transferConfigs.get', 'projects.locations.transferConfigs.patch',
    'projects.locations.transferConfigs.runs.list'],
};

const suites = ['datasets', 'queries', 'values', 'jobs', 'storage', 'objects', 'plain', 'sign-in'].map(name => require(`./${name}.js`));

async function main() {
  const program = process.env.EROS_LOCAL_BIGQUERY;
  const server = await Server.start(program, ['--sample', 'eros:2000', '--history', '2', '--until-eof']);
  let n = 0;
  let failed = 0;
  const check = async (name, func) => {
    n++;
    try {
      await func();
      console.log(`ok ${n} ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${n} ${name}`);
      if (error.errors)
        console.log(`# ${JSON.stringify(error.errors).slice(0, 1000)}`);
      console.log(String(error.stack || error).replace(/^/gm, '# '));
    }
  };
  for (const suite of suites)
    await suite({ server, check, program });
  await check('every answer fits its schema', () => {
    if (server.problems.length > 0)
      throw new Error([...new Set(server.problems)].slice(0, 40).join('\n'));
    if (server.counts.answers < 100)
      throw new Error(`only ${server.counts.answers} answers were looked at`);
  });
  await check('every method is looked at', () => {
    const missing = Object.entries(METHODS).flatMap(([api, names]) => names.map(name => `${api}.${name}`))
      .filter(id => !looked.has(id));
    if (missing.length > 0)
      throw new Error(missing.join('\n'));
  });
  await check('the server ends cleanly', async () => {
    const code = await server.stop();
    if (code !== 0)
      throw new Error(`it ended with ${code}`);
  });
  console.log(`1..${n}`);
  process.exit(failed === 0 ? 0 : 1);
}

main().catch(error => {
  console.log(`Bail out! ${error.stack}`);
  process.exit(1);
});
