// Plays the scenario named on stdin against the code under test and prints what it observed as one JSON line.
'use strict';

const { readFileSync, writeSync } = require('node:fs');
const { encode } = require('./encode');

const { nonce, scenario, input } = JSON.parse(readFileSync(0, 'utf8'));
// Neither exit handlers nor output that comes later can follow the report.
const leave = process.reallyExit.bind(process);
process.stdout.write = process.stderr.write.bind(process.stderr);

function report(observed, fault) {
  writeSync(1, `\n${encode({ nonce, observed, fault })}\n`);
  leave(0);
}

async function play() {
  const scenarios = require('./scenarios');
  return scenarios[scenario](input);
}

play().then(
  (observed) => report(observed, null),
  (error) => report(null, `${error && error.stack ? error.stack : error}`),
);
