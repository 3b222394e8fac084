// schema.js: answers against Google's discovery documents
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const fs = require('fs');
const path = require('path');

const documents = ['bigquery-v2', 'storage-v1', 'bigquerydatatransfer-v1'].map(name =>
  JSON.parse(fs.readFileSync(path.join(__dirname, 'discovery', `${name}.json`), 'utf8')));

function* methodsOf(resource) {
  for (const method of Object.values(resource.methods || {}))
    yield method;
  for (const child of Object.values(resource.resources || {}))
    yield* methodsOf(child);
}

const routes = [];
for (const document of documents)
  for (const method of methodsOf(document)) {
    const template = method.flatPath || method.path;
    const base = document.baseUrl ? new URL(document.baseUrl).pathname : '/bigquery/v2/';
    const pattern = template.replace(/[.]/g, '\\.').replace(/\{\+?[^}]*\}/g, '[^/]+');
    routes.push({
      method: method.httpMethod,
      pattern: new RegExp(`^${base}${pattern}$`),
      schema: method.response && method.response.$ref,
      id: method.id,
      document,
    });
  }

// This method is younger than the documents.
routes.push({
  method: 'POST',
  pattern: /^\/storage\/v1\/b\/[^/]+\/o\/[^/]+\/moveTo\/o\/[^/]+$/,
  schema: 'Object',
  id: 'storage.objects.move',
  document: documents.find(document => document.name === 'storage'),
});

const FORMATS = {
  int64: /^-?\d+$/,
  uint64: /^\d+$/,
  byte: /^[A-Za-z0-9+/_=-]*$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  'google-datetime': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
};

function checkType(document, schema, value, where, problems) {
  if (schema.$ref)
    return checkType(document, document.schemas[schema.$ref], value, where, problems);
  switch (schema.type) {
  case 'any':
    return;
  case 'string':
    if (typeof value !== 'string')
      problems.push(`${where}: ${JSON.stringify(value)} is no string`);
    else if (FORMATS[schema.format] && !FORMATS[schema.format].test(value))
      problems.push(`${where}: ${JSON.stringify(value)} is no ${schema.format}`);
    return;
  case 'integer':
    if (!Number.isInteger(value))
      problems.push(`${where}: ${JSON.stringify(value)} is no integer`);
    return;
  case 'number':
    if (typeof value !== 'number')
      problems.push(`${where}: ${JSON.stringify(value)} is no number`);
    return;
  case 'boolean':
    if (typeof value !== 'boolean')
      problems.push(`${where}: ${JSON.stringify(value)} is no boolean`);
    return;
  case 'array':
    if (!Array.isArray(value))
      problems.push(`${where}: ${JSON.stringify(value)} is no list`);
    else
      value.forEach((item, i) => checkType(document, schema.items, item, `${where}[${i}]`, problems));
    return;
  default:
    checkObject(document, schema, value, where, problems);
  }
}

function checkObject(document, schema, value, where, problems) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    problems.push(`${where}: ${JSON.stringify(value)} is no object`);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    const known = (schema.properties || {})[name] || schema.additionalProperties;
    if (!known)
      problems.push(`${where}.${name}: there is no such member`);
    else
      checkType(document, known, member, `${where}.${name}`, problems);
  }
}

function checkError(status, body, problems) {
  const error = body.error;
  if (!error || error.code !== status || typeof error.message !== 'string' || typeof error.status !== 'string'
      || !Array.isArray(error.errors) || error.errors.length === 0)
    problems.push(`error ${status}: ${JSON.stringify(body)} has not Google's shape`);
  else
    for (const one of error.errors)
      if (typeof one.reason !== 'string' || typeof one.message !== 'string')
        problems.push(`error ${status}: ${JSON.stringify(one)} lacks a reason or a message`);
}

const looked = new Set();

// What is wrong with an answer: a list of sentences, empty when nothing is.
function validate(method, url, status, text) {
  const problems = [];
  const pathname = url.split('?')[0];
  let body;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return [`${method} ${url}: no JSON: ${text.slice(0, 200)}`];
  }
  if (status >= 400) {
    checkError(status, body, problems);
    return problems.map(problem => `${method} ${pathname}: ${problem}`);
  }
  const upload = pathname.replace(/^\/(resumable\/)?upload\//, '/');
  const route = routes.find(r => r.method === (upload === pathname ? method : 'POST') && r.pattern.test(upload));
  if (!route)
    return [`${method} ${pathname}: no method of the discovery documents has this path`];
  looked.add(route.id);
  if (route.schema)
    checkType(route.document, { $ref: route.schema }, body, route.id, problems);
  return problems;
}

module.exports = { validate, looked };
