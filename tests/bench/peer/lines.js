// Writes sync lines as PowerSync's service sends them to a client that prefers BSON: a document a line, one after another.
//
//     node lines.js NODE_MODULES LINES.ndjson LINES.bson

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

async function main(modules, from, to) {
  const { serialize } = require(path.resolve(modules, 'bson'));
  const out = fs.openSync(to, 'w');
  for await (const line of readline.createInterface({ input: fs.createReadStream(from), crlfDelay: Infinity })) {
    fs.writeSync(out, serialize(JSON.parse(line)));
  }
  fs.closeSync(out);
}

if (process.argv.length !== 5) {
  console.error('usage: lines.js NODE_MODULES LINES.ndjson LINES.bson');
  process.exit(1);
}
main(...process.argv.slice(2));
