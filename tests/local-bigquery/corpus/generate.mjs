// Records what Google's reference implementation answers: npm install, then node generate.mjs [NAME…]. Only for developers: the
// tests read answers/*.jsonl and setup.sql, which this writes.
//
// A line of answers: {"q": statement, "t": [type …], "n": [name …], "r": [[value …] …]}, or {"q", "e": error}. "o": the
// rows' order counts. All that is no BOOL, ARRAY or STRUCT are strings, NaN and Infinity among them; BYTES base64; TIMESTAMP
// 2025-01-31T12:00:00.123456Z; a STRUCT is a list.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createRequire } from 'node:module';
import { expressions, wrongCalls } from './expressions.mjs';

const here = path.dirname(new URL(import.meta.url).pathname);
const z = createRequire(import.meta.url)('@fivetrandevelopers/zetasql');
process.stdout.write = () => true; // the service logs there

const freePort = () => new Promise((done) => { const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); }); });
let api, language;
const rpc = (name, request) => new Promise((done, fail) => api[name](request, { deadline: Date.now() + 20000 }, (e, r) => (e ? fail(new Error(e.details || e.message)) : done(r))));

async function start() {
  const port = await freePort();
  z.runServer(port);
  z.ZetaSQLClient.init(port);
  await z.ZetaSQLClient.getInstance().testConnection();
  api = z.ZetaSQLClient.API;
  const options = new z.LanguageOptions();
  await options.enableMaximumLanguageFeatures();
  language = { ...options.serialize(), productMode: 'PRODUCT_EXTERNAL', nameResolutionMode: 'NAME_RESOLUTION_DEFAULT' };
}
const options = () => ({ languageOptions: language, defaultTimezone: 'UTC' });

// ---- tables ----------------------------------------------------------------------------------------------------------
const tables = JSON.parse(fs.readFileSync(path.join(here, 'tables.json'), 'utf8'));
const quote = (s) => "'" + s.replace(/\\/g, '\\\\').replace(/'/g, "\\'") + "'";
function literal(x, type) {
  const element = /^ARRAY<(.*)>$/.exec(type);
  if (x === null) return 'NULL';
  if (element) return `ARRAY<${element[1]}>[${x.map((e) => literal(e, element[1])).join(', ')}]`;
  if (type === 'STRING') return quote(x);
  if (type === 'BYTES') return `FROM_BASE64(${quote(x)})`;
  if (type === 'DATE' || type === 'TIMESTAMP') return `${type} ${quote(x)}`;
  if (type === 'FLOAT64') return typeof x === 'string' ? `CAST(${quote(x)} AS FLOAT64)` : String(x);
  return String(x).toUpperCase();
}
const setup = Object.entries(tables).flatMap(([name, t]) => [
  `CREATE TABLE d.${name} (${t.columns.map(([c, ty]) => `${c} ${ty}`).join(', ')})`,
  ...(t.rows.length ? [`INSERT INTO d.${name} VALUES ${t.rows.map((r) => `(${r.map((x, i) => literal(x, t.columns[i][1])).join(', ')})`).join(', ')}`] : []),
]);

const wire = (x, type) => {
  const element = /^ARRAY<(.*)>$/.exec(type);
  if (x === null) return {};
  if (element) return { arrayValue: { element: x.map((e) => wire(e, element[1])) } };
  switch (type) {
    case 'INT64': return { int64Value: String(x) };
    case 'FLOAT64': return { doubleValue: Number(x) };
    case 'BOOL': return { boolValue: x };
    case 'STRING': return { stringValue: x };
    case 'BYTES': return { bytesValue: Buffer.from(x, 'base64') };
    case 'DATE': return { dateValue: Date.parse(x + 'T00:00:00Z') / 86400000 };
    default: { const [, seconds, fraction] = /^(.*?)(?:\.(\d+))?Z$/.exec(x); return { timestampValue: { seconds: String(Date.parse(seconds + 'Z') / 1000), nanos: Number((fraction || '').padEnd(9, '0')) } }; }
  }
};
const TYPE = { INT64: 2, BOOL: 5, FLOAT64: 7, STRING: 8, BYTES: 9, DATE: 10, TIMESTAMP: 19 };
const typeProto = (t) => { const e = /^ARRAY<(.*)>$/.exec(t); return e ? { typeKind: 16, arrayType: { elementType: typeProto(e[1]) } } : { typeKind: TYPE[t] }; };
async function registerTables() {
  let serial = 1;
  const table = Object.entries(tables).map(([name, t]) => ({ name, serializationId: serial++, column: t.columns.map(([c, type]) => ({ name: c, type: typeProto(type) })) }));
  const tableContent = Object.fromEntries(Object.entries(tables).map(([name, t]) => [name, { tableData: { row: t.rows.map((r) => ({ cell: r.map((x, i) => wire(x, t.columns[i][1])) })) } }]));
  return (await rpc('registerCatalog', { simpleCatalog: { name: 'corpus', table, builtinFunctionOptions: { languageOptions: language } }, tableContent })).registeredId;
}

// A line "statement\tequivalent" records of the first what the reference answers to the second: for what it lacks itself.
const record = async (catalog, line) => { const [sql, equivalent] = line.split('\t'); const answer = await ask(catalog, equivalent || sql); return answer && { ...answer, q: sql }; };

// ---- values ----------------------------------------------------------------------------------------------------------
const KIND = { 2: 'INT64', 5: 'BOOL', 7: 'FLOAT64', 8: 'STRING', 9: 'BYTES', 10: 'DATE', 19: 'TIMESTAMP', 16: 'ARRAY', 17: 'STRUCT', 20: 'TIME', 21: 'DATETIME', 23: 'NUMERIC', 24: 'BIGNUMERIC', 26: 'JSON' };
const kindOf = (t) => (typeof t.typeKind === 'number' ? KIND[t.typeKind] : String(t.typeKind).replace(/^TYPE_/, '').replace('DOUBLE', 'FLOAT64')) || String(t.typeKind);
const nameOf = (t) => { const k = kindOf(t); return k === 'ARRAY' ? `ARRAY<${nameOf(t.arrayType.elementType)}>` : k === 'STRUCT' ? `STRUCT<${(t.structType.field || []).map((f) => (f.fieldName ? f.fieldName + ' ' : '') + nameOf(f.fieldType)).join(', ')}>` : k; };
const big = (v) => (v && typeof v === 'object' && 'low' in v ? (BigInt(v.high) << 32n) | BigInt(v.low >>> 0) : BigInt(v || 0));
const two = (n, w = 2) => String(n).padStart(w, '0');
const bits = (v, shift, width) => (v >> BigInt(shift)) & ((1n << BigInt(width)) - 1n);
const clock = (h, m, s, nanos) => `${two(h)}:${two(m)}:${two(s)}` + (nanos >= 1000n ? '.' + two(nanos / 1000n, 6) : '');
function decimal(bytes, scale) { // little-endian two's complement
  let n = 0n;
  [...bytes].reverse().forEach((b) => { n = (n << 8n) | BigInt(b); });
  if (bytes.length && bytes[bytes.length - 1] & 0x80) n -= 1n << BigInt(8 * bytes.length);
  const digits = String(n < 0n ? -n : n).padStart(scale + 1, '0'), fraction = digits.slice(-scale).replace(/0+$/, '');
  return (n < 0n ? '-' : '') + digits.slice(0, -scale) + (fraction ? '.' + fraction : '');
}
function value(v, t) {
  if (!v || !v.value) return null;
  switch (kindOf(t)) {
    case 'INT64': return String(big(v.int64Value));
    case 'FLOAT64': return String(v.doubleValue);
    case 'BOOL': return v.boolValue;
    case 'STRING': return v.stringValue;
    case 'BYTES': return Buffer.from(v.bytesValue).toString('base64');
    case 'DATE': return new Date(v.dateValue * 86400000).toISOString().slice(0, 10);
    case 'TIMESTAMP': { const micros = Math.floor((v.timestampValue.nanos || 0) / 1000); return new Date(Number(big(v.timestampValue.seconds)) * 1000).toISOString().slice(0, 19) + (micros ? '.' + two(micros, 6) : '') + 'Z'; }
    case 'ARRAY': return (v.arrayValue.element || []).map((e) => value(e, t.arrayType.elementType));
    case 'STRUCT': return (v.structValue.field || []).map((f, i) => value(f, t.structType.field[i].fieldType));
    case 'NUMERIC': return decimal(v.numericValue, 9);
    case 'BIGNUMERIC': return decimal(v.bignumericValue, 38);
    case 'TIME': { const x = big(v.timeValue); return clock(bits(x, 42, 5), bits(x, 36, 6), bits(x, 30, 6), bits(x, 0, 30)); }
    case 'DATETIME': { const d = big(v.datetimeValue.bitFieldDatetimeSeconds); return `${two(d >> 26n, 4)}-${two(bits(d, 22, 4))}-${two(bits(d, 17, 5))}T` + clock(bits(d, 12, 5), bits(d, 6, 6), bits(d, 0, 6), BigInt(v.datetimeValue.nanos || 0)); }
    default: return v.jsonValue ?? v.stringValue ?? JSON.stringify(v[v.value]);
  }
}

// What the local service of the reference cannot do says nothing about the language.
const NO_ANSWER = /deadline exceeded|unsupported built-in function|not present in this binary|unimplemented|not supported yet|MakeValue|\[Unsupported|UNAVAILABLE|INTERNAL/i;
const isQuery = (sql) => /^[\s(]*(SELECT|WITH|FROM)\b/i.test(sql);

async function ask(catalog, sql) {
  try {
    if (!isQuery(sql)) {
      await rpc('analyze', { sqlStatement: sql, options: options(), registeredCatalogId: catalog });
      return null;
    }
    const r = await rpc('evaluateQuery', { sql, options: options(), registeredCatalogId: catalog });
    const columns = r.prepared.columns;
    const answer = { q: sql, t: columns.map((c) => nameOf(c.type)), r: (r.content.tableData.row || []).map((row) => row.cell.map((v, i) => value(v, columns[i].type))) };
    const names = columns.map((c) => (c.name.startsWith('$') ? '' : c.name));
    if (names.some((n) => n) && names.join() !== 'x') answer.n = names;
    if (/ORDER BY[^()]*(\([^()]*\)[^()]*)*$/i.test(sql)) answer.o = 1;
    return answer;
  } catch (e) {
    return NO_ANSWER.test(e.message) ? null : { q: sql, e: e.message };
  }
}

const lines = (file) => fs.readFileSync(path.join(here, 'queries', file), 'utf8').replace(/("""|''')[\s\S]*?\1/g, (m) => m.replace(/\n/g, '\u0000')).split('\n').map((l) => l.replace(/\u0000/g, '\n')).filter((l) => l && !l.startsWith('--'));

await start();
const catalog = await registerTables();
const jobs = [
  ['expressions', expressions().map((e) => e.sql), () => true],
  ['wrong-calls', wrongCalls().map((e) => e.sql), (a) => a.e],
  ['rejected', lines('rejected.sql'), (a) => a.e],
  ...['select', 'join', 'group', 'window', 'types', 'format', 'json', 'range', 'pivot', 'sets', 'recursion', 'pipe'].map((f) => [f, lines(f + '.sql'), () => true]),
];
fs.mkdirSync(path.join(here, 'answers'), { recursive: true });
fs.writeFileSync(path.join(here, 'setup.sql'), setup.join('\n') + '\n');
const wanted = process.argv.slice(2); // all without one
for (const [name, statements, keep] of jobs.filter(([name]) => !wanted.length || wanted.includes(name))) {
  const answers = [];
  let left = 0;
  for (const sql of statements) {
    const answer = await record(catalog, sql);
    if (answer && keep(answer)) answers.push(answer);
    else { left++; if (!/expressions|wrong/.test(name)) process.stderr.write(`  left out: ${sql}\n`); }
  }
  fs.writeFileSync(path.join(here, 'answers', name + '.jsonl'), answers.map((a) => JSON.stringify(a)).join('\n') + '\n');
  process.stderr.write(`${name}: ${answers.length} recorded (${answers.filter((a) => a.e).length} errors), ${left} left out\n`);
}
z.terminateServer();
setTimeout(() => process.exit(0), 100);
