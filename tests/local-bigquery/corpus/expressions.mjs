// Every function and operator with values at its edges.
//
// SPDX-License-Identifier: GPL-3.0-or-later

// The first value of a set is the ordinary one: while one argument goes through all its values, the others stay there.
const sets = {
  INT64: ['7', 'CAST(NULL AS INT64)', '0', '-1', '-7', '9223372036854775807', '-9223372036854775808'],
  SMALL: ['2', 'CAST(NULL AS INT64)', '0', '1', '-1', '5'],
  COUNT: ['3', 'CAST(NULL AS INT64)', '0', '-1', '10'],
  FLOAT64: ['1.5', 'CAST(NULL AS FLOAT64)', '0.0', '-2.5', '1e308', '-1e-320', "CAST('nan' AS FLOAT64)", "CAST('inf' AS FLOAT64)", "CAST('-inf' AS FLOAT64)", '123456.789'],
  UNIT: ['0.5', 'CAST(NULL AS FLOAT64)', '0.0', '1.0', '-1.0', '2.0', "CAST('nan' AS FLOAT64)", "CAST('inf' AS FLOAT64)"],
  NUMERIC: ["NUMERIC '2.345'", 'CAST(NULL AS NUMERIC)', "NUMERIC '0'", "NUMERIC '-2.5'", "NUMERIC '99999999999999999999999999999.999999999'", "NUMERIC '-0.000000001'"],
  BIGNUMERIC: ["BIGNUMERIC '2.345'", 'CAST(NULL AS BIGNUMERIC)', "BIGNUMERIC '0'", "BIGNUMERIC '-2.5'", "BIGNUMERIC '578960446186580977117854925043439539266.34992332820282019728792003956564819967'", "BIGNUMERIC '0.00000000000000000000000000000000000001'"],
  BOOL: ['TRUE', 'FALSE', 'CAST(NULL AS BOOL)'],
  STRING: ["'Hello World'", 'CAST(NULL AS STRING)', "''", "'héllo😀ß'", "' \\t x '", "'a,b,,c'", "'a\\x00b'"],
  WORD: ["'l'", 'CAST(NULL AS STRING)', "''", "'é'", "'World'", "','", "'zz'"],
  BYTES: ["b'abc'", 'CAST(NULL AS BYTES)', "b''", "b'\\xff\\x00a'", "b'h\\xc3\\xa9'"],
  BYTE: ["b'b'", 'CAST(NULL AS BYTES)', "b''", "b'\\x00'"],
  DATE: ["DATE '2024-02-29'", 'CAST(NULL AS DATE)', "DATE '0001-01-01'", "DATE '9999-12-31'", "DATE '1969-12-31'", "DATE '2021-01-03'", "DATE '2018-12-31'"],
  TIME: ["TIME '12:34:56.789'", 'CAST(NULL AS TIME)', "TIME '00:00:00'", "TIME '23:59:59.999999'"],
  DATETIME: ["DATETIME '2024-02-29 12:34:56.789'", 'CAST(NULL AS DATETIME)', "DATETIME '0001-01-01 00:00:00'", "DATETIME '9999-12-31 23:59:59.999999'", "DATETIME '1969-12-31 23:59:59'"],
  TIMESTAMP: ["TIMESTAMP '2024-02-29 12:34:56.789+00'", 'CAST(NULL AS TIMESTAMP)', "TIMESTAMP '0001-01-01 00:00:00+00'", "TIMESTAMP '9999-12-31 23:59:59.999999+00'", "TIMESTAMP '1969-12-31 23:59:59.5+00'", "TIMESTAMP '2024-03-10 10:30:00+00'"],
  ZONE: ["'America/Los_Angeles'", 'CAST(NULL AS STRING)', "'UTC'", "'+05:30'", "'Nowhere/Else'", "'Asia/Kolkata'"],
  JSON: ["JSON '{\"a\":[1,\"x\",{\"b\":2.50}],\"c\":null}'", 'CAST(NULL AS JSON)', "JSON 'null'", "JSON '[1,2]'", "JSON '\"text\"'", "JSON '12'", "JSON '-1.5'", "JSON 'true'"],
  JSONTEXT: ["'{\"a\": [1, \"x\", {\"b\": 2.50}], \"c\": null, \"d\": \"\\\\u00e9\\\\n\"}'", 'CAST(NULL AS STRING)', "''", "'[1, 2.0, \"y\", true, null]'", "'\"text\"'", "'{\"a\"'", "'{\"a\": {\"a\": true}}'", "'7'"],
  PATH: ["'$.a'", "'$'", "'$.a[1]'", "'$.c'", "'$.d'", "'$.a[2].b'", "'$[1]'", "'a'", "'$.'", "'$.nope'"],
  ARRAY: ['[1, NULL, 3]', 'CAST(NULL AS ARRAY<INT64>)', 'ARRAY<INT64>[]', '[5]', '[2, 2, 9]'],
  STRINGS: ["['a', NULL, 'é']", 'CAST(NULL AS ARRAY<STRING>)', 'ARRAY<STRING>[]', "['x']"],
  REGEXP: ["'l+'", 'CAST(NULL AS STRING)', "''", "'(o)'", "'^H.*d$'", "'(?i)w'", "'('", "'é|ß'", "r'\\s'"],
};

const DATE_PARTS = ['DAY', 'WEEK', 'ISOWEEK', 'MONTH', 'QUARTER', 'YEAR', 'ISOYEAR', 'WEEK(MONDAY)', 'WEEK(SATURDAY)'];
const ADD_PARTS = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'];
const TIME_PARTS = ['MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE', 'HOUR'];
const FIELDS = ['DAYOFWEEK', 'DAYOFYEAR'];
const each = (parts, make) => parts.flatMap(make);

// [template, set of $1, set of $2 …]
const templates = [
  // operators
  ...each(['+', '-', '*'], (o) => [[`$1 ${o} $2`, 'INT64', 'INT64'], [`$1 ${o} $2`, 'FLOAT64', 'FLOAT64'], [`$1 ${o} $2`, 'NUMERIC', 'NUMERIC'], [`$1 ${o} $2`, 'BIGNUMERIC', 'BIGNUMERIC'], [`$1 ${o} $2`, 'INT64', 'NUMERIC']]),
  ['$1 / $2', 'INT64', 'INT64'], ['$1 / $2', 'FLOAT64', 'FLOAT64'], ['$1 / $2', 'NUMERIC', 'NUMERIC'], ['$1 / $2', 'BIGNUMERIC', 'NUMERIC'],
  ['-$1', 'INT64'], ['-$1', 'FLOAT64'], ['-$1', 'NUMERIC'], ['-(-$1)', 'INT64'], ['+$1', 'FLOAT64'],
  ...each(['=', '<>', '<', '<=', '>', '>='], (o) => [[`$1 ${o} $2`, 'INT64', 'SMALL'], [`$1 ${o} $2`, 'FLOAT64', 'FLOAT64'], [`$1 ${o} $2`, 'STRING', 'WORD'], [`$1 ${o} $2`, 'INT64', 'FLOAT64']]),
  ...each(['=', '<'], (o) => [[`$1 ${o} $2`, 'NUMERIC', 'NUMERIC'], [`$1 ${o} $2`, 'DATE', 'DATE'], [`$1 ${o} $2`, 'TIMESTAMP', 'TIMESTAMP'], [`$1 ${o} $2`, 'BYTES', 'BYTES'], [`$1 ${o} $2`, 'BOOL', 'BOOL'], [`$1 ${o} $2`, 'DATE', 'DATETIME'], [`$1 ${o} $2`, 'BIGNUMERIC', 'INT64']]),
  ['$1 AND $2', 'BOOL', 'BOOL'], ['$1 OR $2', 'BOOL', 'BOOL'], ['NOT $1', 'BOOL'],
  ['$1 IS TRUE', 'BOOL'], ['$1 IS NOT TRUE', 'BOOL'], ['$1 IS FALSE', 'BOOL'], ['$1 IS NOT FALSE', 'BOOL'], ['$1 IS NULL', 'FLOAT64'], ['$1 IS NOT NULL', 'STRING'],
  ['$1 IS DISTINCT FROM $2', 'FLOAT64', 'FLOAT64'], ['$1 IS NOT DISTINCT FROM $2', 'INT64', 'SMALL'],
  ['$1 BETWEEN $2 AND $3', 'INT64', 'SMALL', 'COUNT'], ['$1 BETWEEN $2 AND $3', 'FLOAT64', 'FLOAT64', 'FLOAT64'], ['$1 NOT BETWEEN $2 AND $3', 'DATE', 'DATE', 'DATE'],
  ['$1 IN ($2, 5, NULL)', 'SMALL', 'COUNT'], ['$1 IN ($2, 1.5)', 'FLOAT64', 'FLOAT64'], ['$1 NOT IN ($2, 2)', 'SMALL', 'COUNT'], ['$1 IN UNNEST($2)', 'SMALL', 'ARRAY'], ["$1 IN ('l', 'é')", 'WORD'],
  ['$1 || $2', 'STRING', 'WORD'], ['$1 || $2', 'BYTES', 'BYTE'], ['$1 || $2', 'ARRAY', 'ARRAY'],
  ['$1 & $2', 'INT64', 'INT64'], ['$1 | $2', 'INT64', 'INT64'], ['$1 ^ $2', 'INT64', 'INT64'], ['~$1', 'INT64'], ['$1 << $2', 'INT64', 'COUNT'], ['$1 >> $2', 'INT64', 'COUNT'],
  ['$1 & $2', 'BYTES', 'BYTES'], ['$1 | $2', 'BYTES', 'BYTES'], ['~$1', 'BYTES'], ['$1 << $2', 'BYTES', 'COUNT'], ['$1 >> $2', 'BYTES', 'COUNT'],
  ["$1 LIKE 'H%o_W%'", 'STRING'], ["$1 LIKE '%\\\\_%'", 'STRING'], ['$1 LIKE $2', 'STRING', 'WORD'], ["$1 NOT LIKE '%l%'", 'STRING'], ["$1 LIKE b'%a%'", 'BYTES'],
  ['$1[OFFSET($2)]', 'ARRAY', 'SMALL'], ['$1[ORDINAL($2)]', 'ARRAY', 'SMALL'], ['$1[SAFE_OFFSET($2)]', 'ARRAY', 'SMALL'], ['$1[SAFE_ORDINAL($2)]', 'ARRAY', 'SMALL'],
  ['$1.a', 'JSON'], ['$1.a[2].b', 'JSON'], ['$1[1]', 'JSON'], ['STRUCT($1 AS a, $2 AS b)', 'INT64', 'STRING'], ['STRUCT($1 AS a, 2 AS b) = STRUCT($2, 2)', 'SMALL', 'SMALL'], ['STRUCT($1 AS a).a', 'FLOAT64'], ['[$1, $2]', 'SMALL', 'FLOAT64'],
  // conditional
  ['IF($1, $2, 3)', 'BOOL', 'SMALL'], ['IFNULL($1, $2)', 'INT64', 'SMALL'], ['COALESCE($1, $2, 9)', 'INT64', 'SMALL'], ['COALESCE($1)', 'STRING'], ['NULLIF($1, $2)', 'INT64', 'SMALL'], ['NULLIF($1, $2)', 'FLOAT64', 'FLOAT64'], ['NULLIF($1, $2)', 'STRING', 'WORD'],
  ['CASE $1 WHEN 1 THEN 10 WHEN NULL THEN 20 WHEN $2 THEN 30 END', 'SMALL', 'COUNT'], ['CASE WHEN $1 THEN 1 WHEN $2 THEN 2.5 ELSE NULL END', 'BOOL', 'BOOL'],
  ['GREATEST($1, $2)', 'INT64', 'SMALL'], ['GREATEST($1, $2)', 'FLOAT64', 'FLOAT64'], ['GREATEST($1, $2, $3)', 'NUMERIC', 'SMALL', 'FLOAT64'], ['LEAST($1, $2)', 'INT64', 'SMALL'], ['LEAST($1, $2)', 'FLOAT64', 'FLOAT64'], ['LEAST($1, $2)', 'STRING', 'WORD'], ['LEAST($1, $2)', 'DATE', 'DATE'], ['GREATEST($1)', 'BOOL'],
  // mathematical
  ...each(['ABS', 'SIGN'], (f) => [[`${f}($1)`, 'INT64'], [`${f}($1)`, 'FLOAT64'], [`${f}($1)`, 'NUMERIC'], [`${f}($1)`, 'BIGNUMERIC']]),
  ...each(['CEIL', 'CEILING', 'FLOOR', 'ROUND', 'TRUNC'], (f) => [[`${f}($1)`, 'FLOAT64'], [`${f}($1)`, 'NUMERIC'], [`${f}($1)`, 'INT64']]),
  ['ROUND($1, $2)', 'FLOAT64', 'SMALL'], ['ROUND($1, $2)', 'NUMERIC', 'SMALL'], ['ROUND($1, $2)', 'BIGNUMERIC', 'SMALL'], ['TRUNC($1, $2)', 'FLOAT64', 'SMALL'], ['TRUNC($1, $2)', 'NUMERIC', 'SMALL'], ["ROUND($1, $2, 'ROUND_HALF_EVEN')", 'NUMERIC', 'SMALL'],
  ['DIV($1, $2)', 'INT64', 'INT64'], ['DIV($1, $2)', 'NUMERIC', 'NUMERIC'], ['MOD($1, $2)', 'INT64', 'INT64'], ['MOD($1, $2)', 'NUMERIC', 'NUMERIC'],
  ['SAFE_ADD($1, $2)', 'INT64', 'INT64'], ['SAFE_ADD($1, $2)', 'FLOAT64', 'FLOAT64'], ['SAFE_ADD($1, $2)', 'NUMERIC', 'NUMERIC'], ['SAFE_SUBTRACT($1, $2)', 'INT64', 'INT64'], ['SAFE_MULTIPLY($1, $2)', 'INT64', 'INT64'], ['SAFE_MULTIPLY($1, $2)', 'FLOAT64', 'FLOAT64'], ['SAFE_DIVIDE($1, $2)', 'INT64', 'INT64'], ['SAFE_DIVIDE($1, $2)', 'FLOAT64', 'FLOAT64'], ['SAFE_DIVIDE($1, $2)', 'NUMERIC', 'NUMERIC'], ['SAFE_NEGATE($1)', 'INT64'], ['SAFE_NEGATE($1)', 'FLOAT64'],
  ['IEEE_DIVIDE($1, $2)', 'FLOAT64', 'FLOAT64'], ['IEEE_DIVIDE($1, $2)', 'INT64', 'SMALL'],
  ['IS_NAN($1)', 'FLOAT64'], ['IS_INF($1)', 'FLOAT64'], ['SQRT($1)', 'FLOAT64'], ['SQRT($1)', 'INT64'],
  ['POW($1, $2)', 'FLOAT64', 'UNIT'], ['POW($1, $2)', 'SMALL', 'SMALL'], ['POWER($1, $2)', 'UNIT', 'FLOAT64'], ['EXP($1)', 'FLOAT64'], ['LN($1)', 'FLOAT64'], ['LN($1)', 'INT64'], ['LOG($1)', 'FLOAT64'], ['LOG($1, $2)', 'FLOAT64', 'UNIT'], ['LOG($1, 2)', 'INT64'], ['LOG10($1)', 'FLOAT64'],
  ...each(['SIN', 'COS', 'TAN', 'ASIN', 'ACOS', 'ATAN', 'SINH', 'COSH', 'TANH', 'ASINH', 'ACOSH', 'ATANH', 'CBRT', 'COT', 'CSC', 'SEC', 'COTH', 'CSCH', 'SECH'], (f) => [[`${f}($1)`, 'UNIT']]),
  ['ATAN2($1, $2)', 'UNIT', 'UNIT'], ['BIT_COUNT($1)', 'INT64'], ['BIT_COUNT($1)', 'BYTES'], ['RANGE_BUCKET($1, [1, 3, 7])', 'INT64'],
  // string
  ...each(['LENGTH', 'CHAR_LENGTH', 'CHARACTER_LENGTH', 'BYTE_LENGTH', 'OCTET_LENGTH', 'UPPER', 'LOWER', 'INITCAP', 'REVERSE', 'TRIM', 'LTRIM', 'RTRIM', 'TO_CODE_POINTS', 'UNICODE', 'SOUNDEX', 'NORMALIZE', 'NORMALIZE_AND_CASEFOLD', 'SPLIT'], (f) => [[`${f}($1)`, 'STRING']]),
  ...each(['LENGTH', 'BYTE_LENGTH', 'UPPER', 'LOWER', 'REVERSE', 'TO_CODE_POINTS', 'TO_HEX', 'TO_BASE64', 'SAFE_CONVERT_BYTES_TO_STRING', 'MD5', 'SHA1', 'SHA256', 'SHA512', 'FARM_FINGERPRINT'], (f) => [[`${f}($1)`, 'BYTES']]),
  ...each(['MD5', 'SHA256', 'FARM_FINGERPRINT', 'ASCII'], (f) => [[`${f}($1)`, 'STRING']]),
  ['SUBSTR($1, $2)', 'STRING', 'SMALL'], ['SUBSTR($1, $2, $3)', 'STRING', 'SMALL', 'COUNT'], ['SUBSTR($1, $2, $3)', 'BYTES', 'SMALL', 'COUNT'], ["SUBSTR('apple', $1)", 'INT64'], ["SUBSTR('apple', $1, $2)", 'INT64', 'INT64'], ['LEFT($1, $2)', 'STRING', 'COUNT'], ['RIGHT($1, $2)', 'STRING', 'COUNT'], ['LEFT($1, $2)', 'BYTES', 'COUNT'], ['RIGHT($1, $2)', 'BYTES', 'COUNT'],
  ['CONCAT($1, $2)', 'STRING', 'WORD'], ['CONCAT($1, $2, $1)', 'BYTES', 'BYTE'], ['REPEAT($1, $2)', 'WORD', 'COUNT'], ['REPEAT($1, $2)', 'BYTES', 'COUNT'], ['REPLACE($1, $2, $3)', 'STRING', 'WORD', 'WORD'], ['REPLACE($1, $2, $3)', 'BYTES', 'BYTE', 'BYTE'],
  ['LPAD($1, $2)', 'STRING', 'COUNT'], ['LPAD($1, $2, $3)', 'WORD', 'COUNT', 'WORD'], ['RPAD($1, $2, $3)', 'WORD', 'COUNT', 'WORD'], ['RPAD($1, $2, $3)', 'BYTES', 'COUNT', 'BYTE'], ['RPAD($1, $2)', 'STRING', 'COUNT'],
  ['TRIM($1, $2)', 'STRING', 'WORD'], ['LTRIM($1, $2)', 'STRING', 'WORD'], ['RTRIM($1, $2)', 'STRING', 'WORD'], ['TRIM($1, $2)', 'BYTES', 'BYTE'],
  ['STRPOS($1, $2)', 'STRING', 'WORD'], ['STRPOS($1, $2)', 'BYTES', 'BYTE'], ['INSTR($1, $2)', 'STRING', 'WORD'], ['INSTR($1, $2, $3)', 'STRING', 'WORD', 'SMALL'], ['INSTR($1, $2, $3, $4)', 'STRING', 'WORD', 'SMALL', 'COUNT'], ['INSTR($1, $2, $3)', 'BYTES', 'BYTE', 'SMALL'],
  ['STARTS_WITH($1, $2)', 'STRING', 'WORD'], ['ENDS_WITH($1, $2)', 'STRING', 'WORD'], ['STARTS_WITH($1, $2)', 'BYTES', 'BYTE'], ['ENDS_WITH($1, $2)', 'BYTES', 'BYTE'],
  ['SPLIT($1, $2)', 'STRING', 'WORD'], ['SPLIT($1, $2)', 'BYTES', 'BYTE'], ['INITCAP($1, $2)', 'STRING', 'WORD'], ['TRANSLATE($1, $2, $3)', 'STRING', 'WORD', 'WORD'], ['NORMALIZE($1, NFKD)', 'STRING'], ['NORMALIZE($1, NFD)', 'STRING'],
  ['CHR($1)', 'INT64'], ["CHR($1 + 8364)", 'SMALL'], ['CODE_POINTS_TO_STRING($1)', 'ARRAY'], ['CODE_POINTS_TO_BYTES($1)', 'ARRAY'], ['FROM_HEX($1)', 'STRING'], ["FROM_HEX(TO_HEX($1))", 'BYTES'], ['FROM_BASE64($1)', 'STRING'], ['FROM_BASE64(TO_BASE64($1))', 'BYTES'], ['TO_HEX(CAST($1 AS BYTES))', 'STRING'],
  // regular expressions
  ['REGEXP_CONTAINS($1, $2)', 'STRING', 'REGEXP'], ["REGEXP_CONTAINS($1, b'a')", 'BYTES'], ['REGEXP_EXTRACT($1, $2)', 'STRING', 'REGEXP'], ['REGEXP_EXTRACT($1, $2, $3)', 'STRING', 'REGEXP', 'SMALL'], ['REGEXP_EXTRACT($1, $2, $3, $4)', 'STRING', 'REGEXP', 'SMALL', 'COUNT'], ['REGEXP_SUBSTR($1, $2)', 'STRING', 'REGEXP'], ['REGEXP_EXTRACT_ALL($1, $2)', 'STRING', 'REGEXP'], ["REGEXP_EXTRACT_ALL($1, b'.')", 'BYTES'], ['REGEXP_INSTR($1, $2)', 'STRING', 'REGEXP'], ['REGEXP_INSTR($1, $2, $3)', 'STRING', 'REGEXP', 'SMALL'], ['REGEXP_INSTR($1, $2, 1, $3)', 'STRING', 'REGEXP', 'COUNT'], ['REGEXP_INSTR($1, $2, 1, 1, $3)', 'STRING', 'REGEXP', 'SMALL'], ["REGEXP_REPLACE($1, $2, '<>')", 'STRING', 'REGEXP'], ["REGEXP_REPLACE($1, $2, r'[\\0]')", 'STRING', 'REGEXP'], ["REGEXP_REPLACE($1, '(.)(.)', r'\\2\\1')", 'STRING'], ["REGEXP_REPLACE($1, $2, r'\\1')", 'STRING', 'REGEXP'],
  // date and time
  ...each(ADD_PARTS, (p) => [[`DATE_ADD($1, INTERVAL $2 ${p})`, 'DATE', 'SMALL'], [`DATE_SUB($1, INTERVAL $2 ${p})`, 'DATE', 'SMALL'], [`DATETIME_ADD($1, INTERVAL $2 ${p})`, 'DATETIME', 'SMALL']]),
  ...each(TIME_PARTS, (p) => [[`TIMESTAMP_ADD($1, INTERVAL $2 ${p})`, 'TIMESTAMP', 'SMALL'], [`TIMESTAMP_SUB($1, INTERVAL $2 ${p})`, 'TIMESTAMP', 'SMALL'], [`TIME_ADD($1, INTERVAL $2 ${p})`, 'TIME', 'INT64'], [`TIME_SUB($1, INTERVAL $2 ${p})`, 'TIME', 'SMALL'], [`DATETIME_SUB($1, INTERVAL $2 ${p})`, 'DATETIME', 'SMALL']]),
  ['DATE_ADD($1, INTERVAL $2 DAY)', 'DATE', 'INT64'], ['TIMESTAMP_ADD($1, INTERVAL $2 DAY)', 'TIMESTAMP', 'SMALL'], ['$1 + $2', 'DATE', 'SMALL'], ['$1 - $2', 'DATE', 'SMALL'], ['$2 + $1', 'DATE', 'SMALL'],
  ...each(DATE_PARTS, (p) => [[`DATE_DIFF($1, $2, ${p})`, 'DATE', 'DATE'], [`DATE_TRUNC($1, ${p})`, 'DATE'], [`DATETIME_TRUNC($1, ${p})`, 'DATETIME'], [`TIMESTAMP_TRUNC($1, ${p})`, 'TIMESTAMP'], [`DATETIME_DIFF($1, $2, ${p})`, 'DATETIME', 'DATETIME'], [`EXTRACT(${p} FROM $1)`, 'DATE']]),
  ...each(DATE_PARTS.filter((p) => p !== 'DAY'), (p) => [[`LAST_DAY($1, ${p})`, 'DATE']]), ['LAST_DAY($1)', 'DATE'], ['LAST_DAY($1)', 'DATETIME'],
  ...each(TIME_PARTS, (p) => [[`TIMESTAMP_DIFF($1, $2, ${p})`, 'TIMESTAMP', 'TIMESTAMP'], [`DATETIME_DIFF($1, $2, ${p})`, 'DATETIME', 'DATETIME'], [`TIME_DIFF($1, $2, ${p})`, 'TIME', 'TIME'], [`TIMESTAMP_TRUNC($1, ${p})`, 'TIMESTAMP'], [`TIME_TRUNC($1, ${p})`, 'TIME'], [`EXTRACT(${p} FROM $1)`, 'TIMESTAMP'], [`EXTRACT(${p} FROM $1)`, 'TIME']]),
  ['TIMESTAMP_DIFF($1, $2, DAY)', 'TIMESTAMP', 'TIMESTAMP'], ['TIMESTAMP_TRUNC($1, DAY, $2)', 'TIMESTAMP', 'ZONE'], ['TIMESTAMP_TRUNC($1, HOUR, $2)', 'TIMESTAMP', 'ZONE'], ['EXTRACT(HOUR FROM $1 AT TIME ZONE $2)', 'TIMESTAMP', 'ZONE'], ['EXTRACT(DATE FROM $1 AT TIME ZONE $2)', 'TIMESTAMP', 'ZONE'],
  ...each([...FIELDS, 'YEAR', 'MONTH', 'DAY'], (p) => [[`EXTRACT(${p} FROM $1)`, 'DATE'], [`EXTRACT(${p} FROM $1)`, 'DATETIME'], [`EXTRACT(${p} FROM $1)`, 'TIMESTAMP']]),
  ...each(['DATE', 'TIME'], (p) => [[`EXTRACT(${p} FROM $1)`, 'DATETIME'], [`EXTRACT(${p} FROM $1)`, 'TIMESTAMP']]),
  ['DATE($1, $2, $3)', 'COUNT', 'SMALL', 'SMALL'], ['DATE(2023, $1, $2)', 'SMALL', 'INT64'], ['DATE($1)', 'TIMESTAMP'], ['DATE($1)', 'DATETIME'], ['DATE($1, $2)', 'TIMESTAMP', 'ZONE'], ['DATETIME($1)', 'DATE'], ['DATETIME($1, $2)', 'DATE', 'TIME'], ['DATETIME($1)', 'TIMESTAMP'], ['DATETIME($1, $2)', 'TIMESTAMP', 'ZONE'], ['DATETIME(2023, 1, $1, $2, 0, 0)', 'SMALL', 'COUNT'], ['TIME($1, $2, $3)', 'SMALL', 'SMALL', 'COUNT'], ['TIME($1)', 'DATETIME'], ['TIME($1)', 'TIMESTAMP'], ['TIME($1, $2)', 'TIMESTAMP', 'ZONE'],
  ['TIMESTAMP($1)', 'DATE'], ['TIMESTAMP($1)', 'DATETIME'], ['TIMESTAMP($1, $2)', 'DATE', 'ZONE'], ['TIMESTAMP($1, $2)', 'DATETIME', 'ZONE'], ["TIMESTAMP('2024-05-06 07:08:09', $1)", 'ZONE'], ['STRING($1)', 'TIMESTAMP'], ['STRING($1, $2)', 'TIMESTAMP', 'ZONE'], ['STRING($1)', 'DATE'], ['STRING($1)', 'TIME'], ['STRING($1)', 'DATETIME'],
  ['UNIX_SECONDS($1)', 'TIMESTAMP'], ['UNIX_MILLIS($1)', 'TIMESTAMP'], ['UNIX_MICROS($1)', 'TIMESTAMP'], ['UNIX_DATE($1)', 'DATE'], ['DATE_FROM_UNIX_DATE($1)', 'INT64'], ['TIMESTAMP_SECONDS($1)', 'INT64'], ['TIMESTAMP_MILLIS($1)', 'INT64'], ['TIMESTAMP_MICROS($1)', 'INT64'],
  ...each(['%Y-%m-%d', '%A %d %B %Y', '%a %b %e %j', '%U %W %V %G %u %w', '%D %F %y %C %h', '%Q %x %g', '%% %n %t %q'], (f) => [[`FORMAT_DATE('${f}', $1)`, 'DATE'], [`FORMAT_DATETIME('${f}', $1)`, 'DATETIME']]),
  ...each(['%H:%M:%S', '%I:%M %p', '%k %l %P', '%R %T %X', '%E3S %E*S'], (f) => [[`FORMAT_TIME('${f}', $1)`, 'TIME'], [`FORMAT_TIMESTAMP('${f}', $1)`, 'TIMESTAMP']]),
  ...each(['%c', '%F %T %Z', '%z %Ez', '%s', '%E4Y-%m-%dT%E6S'], (f) => [[`FORMAT_TIMESTAMP('${f}', $1, $2)`, 'TIMESTAMP', 'ZONE']]),
  ...each(["'%Y-%m-%d', '2024-02-29'", "'%Y-%m-%d', '2023-02-29'", "'%d %b %Y', '3 feb 2024'", "'%B %e, %Y', 'March 31, 1999'", "'%D', '12/31/68'", "'%D', '12/31/69'", "'%Y%m%d', '20240102'", "'%F', '2024-1-2'", "'%Y', ''", "'%m', '13'", "'%Y-%m', '2024-7'", "'%y%m', '7012'", "'x%Yx', 'x2020x'", "'%a %d', 'Mon 5'", "'%C', '19'", "CAST(NULL AS STRING), '1'", "'%Y', CAST(NULL AS STRING)", "'%H', '1'", "'%h %d %Y', 'Sept 1 2020'"], (a) => [[`PARSE_DATE(${a})`]]),
  ...each(["'%T', '1:02:03'", "'%H:%M', '24:00'", "'%I %p', '12 am'", "'%I %p', '12 PM'", "'%E3S', '59.1234'", "'%H:%M:%E*S', '10:11:12.345678'", "'%R', '7:8'", "'%S', '60'", "'%Y', '1'", "'%l%P', '5pm'"], (a) => [[`PARSE_TIME(${a})`]]),
  ...each(["'%F %T', '2024-02-29 23:59:59'", "'%c', 'Thu Feb 29 10:11:12 2024'", "'%Y-%m-%dT%H:%M:%E*S', '2024-02-29T01:02:03.5'", "'%F %I:%M %p', '2024-02-29 1:02 AM'", "'%F', 'today'", "'%s', '86400'", "'%F %z', '2024-01-01 +01'"], (a) => [[`PARSE_DATETIME(${a})`], [`PARSE_TIMESTAMP(${a})`], [`PARSE_TIMESTAMP(${a}, 'Asia/Tokyo')`]]),
  ['CURRENT_DATE() IS NULL'], ['CURRENT_TIMESTAMP() = CURRENT_TIMESTAMP()'], ["CURRENT_DATETIME('UTC') = DATETIME(CURRENT_TIMESTAMP())"], ["CURRENT_TIME() = TIME(CURRENT_TIMESTAMP())"],
  // arrays
  ['ARRAY_LENGTH($1)', 'ARRAY'], ['ARRAY_REVERSE($1)', 'ARRAY'], ['ARRAY_CONCAT($1, $2)', 'ARRAY', 'ARRAY'], ["ARRAY_TO_STRING($1, $2)", 'STRINGS', 'WORD'], ["ARRAY_TO_STRING($1, '-', $2)", 'STRINGS', 'WORD'], ['ARRAY_IS_DISTINCT($1)', 'ARRAY'], ['ARRAY_FIRST($1)', 'ARRAY'], ['ARRAY_LAST($1)', 'ARRAY'], ['ARRAY_SLICE($1, $2, $3)', 'ARRAY', 'SMALL', 'SMALL'],
  ['GENERATE_ARRAY($1, $2)', 'SMALL', 'SMALL'], ['GENERATE_ARRAY($1, $2, $3)', 'SMALL', 'COUNT', 'SMALL'], ['GENERATE_ARRAY($1, 3.0, 0.5)', 'FLOAT64'], ["GENERATE_ARRAY($1, 3, NUMERIC '0.75')", 'NUMERIC'], ['GENERATE_ARRAY(9223372036854775800, $1)', 'INT64'],
  ["GENERATE_DATE_ARRAY('2024-01-30', $1, INTERVAL 1 YEAR)", 'SMALL'], ["GENERATE_DATE_ARRAY('2024-01-29', '2024-06-30', INTERVAL $1 MONTH)", 'SMALL'], ["GENERATE_DATE_ARRAY('2024-01-30', '2024-02-02')"], ["GENERATE_DATE_ARRAY('2024-02-02', '2024-01-30', INTERVAL $1 DAY)", 'SMALL'], ["GENERATE_DATE_ARRAY('2024-01-01', '2024-12-31', INTERVAL $1 WEEK)", 'COUNT'],
  ["GENERATE_TIMESTAMP_ARRAY('2024-01-01 00:00:00', '2024-01-01 00:00:10', INTERVAL $1 SECOND)", 'COUNT'], ["GENERATE_TIMESTAMP_ARRAY('2024-01-01', '2024-01-05', INTERVAL $1 DAY)", 'SMALL'],
  ['ARRAY(SELECT x * 2 FROM UNNEST($1) AS x WITH OFFSET o ORDER BY o DESC)', 'ARRAY'], ['(SELECT SUM(x) FROM UNNEST($1) AS x)', 'ARRAY'], ['EXISTS(SELECT 1 FROM UNNEST($1) AS x WHERE x > 2)', 'ARRAY'],
  // JSON
  ...each(['JSON_QUERY', 'JSON_VALUE', 'JSON_EXTRACT', 'JSON_EXTRACT_SCALAR', 'JSON_QUERY_ARRAY', 'JSON_VALUE_ARRAY', 'JSON_EXTRACT_ARRAY', 'JSON_EXTRACT_STRING_ARRAY'], (f) => [[`${f}($1, $2)`, 'JSON', 'PATH'], [`${f}($1, $2)`, 'JSONTEXT', 'PATH'], [`${f}($1)`, 'JSON']]),
  ...each(['JSON_TYPE', 'INT64', 'FLOAT64', 'BOOL', 'STRING', 'LAX_INT64', 'LAX_FLOAT64', 'LAX_BOOL', 'LAX_STRING', 'TO_JSON_STRING'], (f) => [[`${f}($1)`, 'JSON']]),
  ["JSON_VALUE($1, '$.\"a\"')", 'JSONTEXT'], ["JSON_EXTRACT_SCALAR($1, \"$['c']\")", 'JSONTEXT'], ['PARSE_JSON($1)', 'JSONTEXT'], ["PARSE_JSON($1, wide_number_mode=>'round')", 'JSONTEXT'],
  ...each(['1e3', '-0', '0.10', '1E-7', '123456789012345678', '18446744073709551615', '[1,2,[3]]', '{"b":1,"a":2}', '[', '"\\\\u00e9\\\\ud83d\\\\ude00"', 'nul', '01', '[1,]', '1e400', '0.1234567890123456789'], (j) => [[`PARSE_JSON('${j}')`], [`SAFE.PARSE_JSON('${j}')`]]),
  ...each(['INT64', 'FLOAT64', 'BOOL', 'STRING', 'BYTES', 'NUMERIC', 'BIGNUMERIC', 'DATE', 'TIME', 'DATETIME', 'TIMESTAMP', 'ARRAY', 'STRINGS'], (t) => [['TO_JSON_STRING($1)', t], ['TO_JSON($1)', t], ["FORMAT('%t', $1)", t], ["FORMAT('%T', $1)", t], ['TO_JSON_STRING(STRUCT($1 AS x, [STRUCT($1 AS y)] AS z), TRUE)', t]]),
  // casts
  ...each(['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC'], (t) => ['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC', 'STRING'].flatMap((f) => (f === 'STRING' ? [] : [[`CAST($1 AS ${t})`, f], [`SAFE_CAST($1 AS ${t})`, f]]))),
  ...each(['INT64', 'FLOAT64', 'BOOL', 'BYTES', 'NUMERIC', 'BIGNUMERIC', 'DATE', 'TIME', 'DATETIME', 'TIMESTAMP'], (f) => [['CAST($1 AS STRING)', f]]),
  ...each(["'12'", "' -7 '", "'0x1F'", "'1.5'", "'1e3'", "'.5'", "'5.'", "'abc'", "''", "'true'", "'FALSE'", "'nan'", "'-inf'", "'Infinity'", "'9223372036854775808'", "'1e400'", "'99999999999999999999999999999.9999999999'", "'1_0'", "'+3'", "'--3'", "'１'"], (s) => each(['INT64', 'FLOAT64', 'NUMERIC', 'BOOL', 'BYTES'], (t) => [[`CAST(${s} AS ${t})`]])),
  ...each(["'2024-02-29'", "'2024-2-9'", "'2023-02-29'", "'2024-02-29 12:34:56'", "'2024-02-29T1:2:3.5'", "'2024-02-29 12:34:56+05:30'", "'2024-02-29 12:34:56 Europe/Paris'", "'2024-02-29 12:34:56Z'", "'12:34:56.789'", "'24:00:00'", "'10000-01-01'", "'0000-12-31'", "'99-01-01'", "'2024-02-29 12:34'", "' 2024-02-29'", "'2024-02-29 12:34:60'", "'2024-13-01'"], (s) => each(['DATE', 'TIME', 'DATETIME', 'TIMESTAMP'], (t) => [[`CAST(${s} AS ${t})`]])),
  ['CAST($1 AS BOOL)', 'INT64'], ['CAST($1 AS INT64)', 'BOOL'], ['CAST($1 AS BYTES)', 'STRING'], ['CAST($1 AS STRING)', 'BYTES'], ['SAFE_CAST($1 AS STRING)', 'BYTES'],
  ...each(['DATE', 'DATETIME', 'TIMESTAMP'], (f) => each(['DATE', 'DATETIME', 'TIMESTAMP', 'TIME'], (t) => (t === f || (f === 'DATE' && t === 'TIME') ? [] : [[`CAST($1 AS ${t})`, f]]))),
  ['CAST($1 AS ARRAY<FLOAT64>)', 'ARRAY'], ['CAST($1 AS ARRAY<STRING>)', 'ARRAY'], ['CAST(STRUCT($1, $2) AS STRUCT<a FLOAT64, b STRING>)', 'INT64', 'STRING'],
  ["SAFE.SUBSTR($1, 1, $2)", 'STRING', 'COUNT'], ['SAFE.LN($1)', 'FLOAT64'], ["SAFE.PARSE_DATE('%F', $1)", 'STRING'], ['SAFE.CHR($1)', 'INT64'], ['SAFE.DATE_ADD($1, INTERVAL 1 YEAR)', 'DATE'], ['SAFE.REGEXP_EXTRACT($1, $2)', 'STRING', 'REGEXP'],
  // FORMAT
  ...each(['%d', '%5d|%-5d|%05d', '%+d', "%\\'d", '%x %X %o', '%.3d'], (f) => [[`FORMAT('${f}'${', $1'.repeat((f.match(/%/g) || []).length)})`, 'INT64']]),
  ...each(['%f', '%.2f|%10.3f', '%e %g', '%G', "%\\'.1f", '%+.1f', '%010.2f'], (f) => [[`FORMAT('${f}'${', $1'.repeat((f.match(/%/g) || []).length)})`, 'FLOAT64']]),
  ['FORMAT(\'%f|%.3f\', $1, $1)', 'NUMERIC'], ["FORMAT('%s|%8s|%-8s|%.3s', $1, $1, $1, $1)", 'STRING'], ["FORMAT('%t and %T', $1, $1)", 'JSON'], ["FORMAT('%p', $1)", 'JSON'], ["FORMAT('%P', $1)", 'JSON'], ["FORMAT('%*d', $1, $2)", 'SMALL', 'SMALL'], ["FORMAT($1)", 'STRING'],
  // more arguments than a function of SQLite takes
  ...each([['GREATEST', (i) => i], ['LEAST', (i) => `${i}.5`], ['COALESCE', (i) => (i < 199 ? 'NULL' : 7)], ['CONCAT', (i) => `'${i % 10}'`], ['CONCAT', (i) => i], ['ARRAY_CONCAT', (i) => `[${i}]`]], ([f, make]) => [[`${f}(${Array.from({ length: 200 }, (x, i) => make(i)).join(', ')})`]]),
  [`$1 IN (${Array.from({ length: 200 }, (x, i) => i).join(', ')})`, 'INT64'], [`$1 IN (${Array.from({ length: 200 }, (x, i) => `${i}.5`).join(', ')}, NULL)`, 'UNIT'], [`($1, 1) IN (${Array.from({ length: 200 }, (x, i) => `(${i}, 1)`).join(', ')})`, 'SMALL'], [`ARRAY_LENGTH([${Array.from({ length: 400 }, (x, i) => i).join(', ')}])`], [`STRUCT(${Array.from({ length: 200 }, (x, i) => `${i} AS f${i}`).join(', ')}).f150`],
  // the network
  ...each(["'http://user@www.example.co.uk:80/x?y'", "'mailto:a@b.com'", "'www.Example.Com'", "''", 'CAST(NULL AS STRING)', "'//[::1]:8080'"], (u) => [[`NET.HOST(${u})`]]),
  ...each(["'1.2.3.4'", "'::1'", "'x'", "'1.2.3'", 'CAST(NULL AS STRING)'], (a) => [[`NET.IP_FROM_STRING(${a})`], [`NET.SAFE_IP_FROM_STRING(${a})`]]), ["NET.IP_TO_STRING(b'\\x01\\x02\\x03\\x04')"], ["NET.IP_TO_STRING(b'\\x01')"], ['NET.IPV4_FROM_INT64($1)', 'INT64'], ["NET.IPV4_TO_INT64(b'\\x01\\x02\\x03\\x04')"], ['NET.IP_NET_MASK(4, $1)', 'COUNT'], ["NET.IP_TRUNC(b'\\x01\\x02\\x03\\x04', $1)", 'COUNT'],
];

// The same choice in every run.
let seed = 1;
const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n); };

const fill = (template, args) => template.replace(/\$(\d)/g, (m, d) => args[d - 1]);

// All values where there are few; otherwise each argument through its values, and some of the other combinations.
function combine(names) {
  const lists = names.map((n) => sets[n]);
  const total = lists.reduce((n, l) => n * l.length, 1);
  if (names.length === 0) return [[]];
  if (names.length === 1 || total <= 12) return lists.reduce((all, l) => all.flatMap((a) => l.map((x) => [...a, x])), [[]]);
  const found = new Map();
  const add = (c) => found.set(c.join('\u0001'), c);
  lists.forEach((l, i) => l.forEach((x) => add(lists.map((m, j) => (i === j ? x : m[0])))));
  for (let i = 0; i < 1; i++) add(lists.map((l) => l[random(l.length)]));
  return [...found.values()];
}

// { group, sql } of each
export function expressions() {
  const seen = new Map();
  const out = [];
  for (const [template, ...names] of templates)
    for (const args of combine(names)) {
      const text = fill(template, args);
      const name = (/^[A-Z][A-Z0-9_.]*(?=\()/.exec(template) || ['operator'])[0].toLowerCase();
      if (seen.has(text)) continue;
      seen.set(text, true);
      out.push({ group: name, sql: `SELECT ${text} AS x` });
    }
  return out;
}

// Calls that no signature allows: too few, too many and wrong arguments for each function.
export function wrongCalls() {
  const seen = new Set();
  const out = [];
  const other = { INT64: "'x'", SMALL: 'TRUE', COUNT: "b'x'", FLOAT64: "'x'", UNIT: 'TRUE', NUMERIC: "'1x'", BIGNUMERIC: 'TRUE', BOOL: '1', STRING: '1', WORD: 'TRUE', BYTES: '1', BYTE: "'x'", DATE: '1', TIME: '1', DATETIME: 'TRUE', TIMESTAMP: '1', ZONE: '1', JSON: '1', JSONTEXT: '1', PATH: '1', ARRAY: '1', STRINGS: "'x'", REGEXP: '1' };
  const add = (sql) => { if (!seen.has(sql)) { seen.add(sql); out.push({ group: 'wrong', sql: `SELECT ${sql}` }); } };
  for (const [template, ...names] of templates) {
    const call = /^([A-Z][A-Z0-9_.]*)\(/.exec(template);
    if (!call || names.length === 0) continue;
    const args = names.map((n) => sets[n][0]);
    if (template === `${call[1]}(${names.map((n, i) => `$${i + 1}`).join(', ')})`) {
      add(`${call[1]}()`);
      add(`${call[1]}(${[...args, '1', '2', '3', '4'].join(', ')})`);
    }
    names.forEach((n, i) => add(fill(template, args.map((a, j) => (i === j ? other[n] : a)))));
  }
  return out;
}
