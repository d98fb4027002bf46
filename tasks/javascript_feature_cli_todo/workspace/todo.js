'use strict';

const { parseArgs } = require('./lib/args');
const { commands } = require('./lib/commands');
const { load, save } = require('./lib/store');

function main(argv) {
  const { command, words } = parseArgs(argv);
  const tasks = load(process.env.TODO_FILE);
  const lines = commands[command](tasks, words);
  save(process.env.TODO_FILE, tasks);
  for (const line of lines) console.log(line);
}

main(process.argv.slice(2));
