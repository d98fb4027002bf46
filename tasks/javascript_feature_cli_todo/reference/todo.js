'use strict';

const path = require('node:path');
const { parseArgs } = require('./lib/args');
const { commands } = require('./lib/commands');
const { TodoError } = require('./lib/errors');
const { load, save } = require('./lib/store');

function storePath({ TODO_FILE, HOME }) {
  return TODO_FILE || path.join(HOME ?? '', '.todo');
}

function main(argv) {
  const request = parseArgs(argv);
  const file = storePath(process.env);
  const store = load(file);
  const { lines, changed } = commands[request.command](store, request);
  if (changed) save(file, store);
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TodoError)) throw error;
  process.stderr.write(`todo: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
