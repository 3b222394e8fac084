// server.js: the local BigQuery behind a proxy that looks at every answer
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const http = require('http');
const { spawn } = require('child_process');
const { validate } = require('./schema.js');

class Server {
  constructor(child, url, proxy) {
    this.child = child;
    this.url = url;
    this.proxy = proxy;
    this.endpoint = `http://127.0.0.1:${proxy.address().port}`;
  }

  static async start(program, args) {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const url = await new Promise((resolve, reject) => {
      let text = '';
      child.stdout.on('data', data => {
        text += data;
        const match = /listening on (http:\S+)/.exec(text);
        if (match)
          resolve(match[1]);
      });
      child.on('exit', code => reject(new Error(`the server ended with ${code}`)));
    });
    const problems = [];
    const counts = { answers: 0 };
    const proxy = http.createServer((request, response) => forward(request, response, url, problems, counts));
    await new Promise(resolve => proxy.listen(0, '127.0.0.1', resolve));
    const server = new Server(child, url, proxy);
    server.problems = problems;
    server.counts = counts;
    return server;
  }

  async stop() {
    this.proxy.close();
    this.proxy.closeAllConnections();
    const ended = new Promise(resolve => this.child.on('exit', resolve));
    this.child.kill('SIGTERM');
    return ended;
  }
}

function forward(request, response, url, problems, counts) {
  const target = new URL(request.url, url);
  const headers = { ...request.headers, host: target.host };
  const onward = http.request(target, { method: request.method, headers }, answer => {
    const chunks = [];
    answer.on('data', chunk => chunks.push(chunk));
    answer.on('end', () => {
      const body = Buffer.concat(chunks);
      const type = answer.headers['content-type'] || '';
      const media = /[?&]alt=media/.test(request.url);
      if (/json/.test(type) && body.length > 0 && !media && !request.url.startsWith('/_local')
          && !request.url.startsWith('/token')) {
        counts.answers++;
        problems.push(...validate(request.method, request.url, answer.statusCode, body.toString('utf8')));
      }
      const out = { ...answer.headers };
      delete out['transfer-encoding'];
      if (answer.headers.location)
        out.location = answer.headers.location.replace(url, `http://${request.headers.host}`);
      response.writeHead(answer.statusCode, out);
      response.end(body);
    });
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

module.exports = { Server };
