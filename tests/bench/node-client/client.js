// client.js: reads a job's rows in pages, or runs small queries one after the other, with Google's own client
//
// SPDX-License-Identifier: GPL-3.0-or-later
//   client.js ENDPOINT pages JOB-ID PAGE-ROWS
//   client.js ENDPOINT queries N
'use strict';
const { BigQuery } = require('@google-cloud/bigquery');

const [endpoint, mode, ...rest] = process.argv.slice(2);
const client = new BigQuery({
  projectId: 'eros-rehearsal',
  apiEndpoint: endpoint,
  authClient: { request: undefined, getRequestHeaders: async () => ({}) },
});
// No sign-in on either side.
client.authClient.authorizeRequest = async (options) => options;
client.authClient.getProjectId = async () => 'eros-rehearsal';

async function readPages(jobId, pageRows) {
  const job = client.job(jobId, { location: 'US' });
  let options = { autoPaginate: false, maxResults: pageRows };
  let rows = 0, sum = 0n;
  while (options) {
    const [page, next] = await job.getQueryResults(options);
    for (const row of page) sum += BigInt(row.i);
    rows += page.length;
    options = next && next.pageToken ? next : null;
  }
  return { rows, sum: sum.toString() };
}

async function runQueries(n) {
  const times = [];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const begun = process.hrtime.bigint();
    const [rows] = await client.query({ query: `SELECT ${i} AS i, 'row' AS s`, location: 'US' });
    sum += rows[0].i;
    times.push(Number(process.hrtime.bigint() - begun) / 1e6);
  }
  times.sort((a, b) => a - b);
  return { rows: n, sum: String(sum), median_ms: times[n >> 1] };
}

(async () => {
  const before = process.cpuUsage();
  const result = mode === 'pages' ? await readPages(rest[0], Number(rest[1])) : await runQueries(Number(rest[0]));
  const used = process.cpuUsage(before);
  console.log(JSON.stringify({ ...result, cpu_ms: (used.user + used.system) / 1000 }));
})().catch((error) => { console.error(error); process.exit(1); });
