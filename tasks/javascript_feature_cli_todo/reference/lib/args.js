'use strict';

const { isDay } = require('./dates');
const { wrongUse } = require('./errors');

const OPTIONS = { add: { due: true }, list: { all: false }, done: {}, rm: {} };

function takeOption(argument, rest, known) {
  const [, name, value] = /^--?([^=]*)(?:=([^]*))?$/.exec(argument);
  if (!argument.startsWith('--') || !Object.hasOwn(known, name)) throw wrongUse(`unknown option ${argument}`);
  if (!known[name]) {
    if (value !== undefined) throw wrongUse(`--${name} takes no value`);
    return [name, true];
  }
  if (value === undefined && rest.length === 0) throw wrongUse(`--${name} needs a value`);
  return [name, value ?? rest.shift()];
}

function split(argv, known) {
  const words = [];
  const options = {};
  const rest = [...argv];
  while (rest.length > 0) {
    const argument = rest.shift();
    if (argument === '--') {
      words.push(...rest.splice(0));
    } else if (argument.startsWith('-') && argument !== '-') {
      const [name, value] = takeOption(argument, rest, known);
      if (Object.hasOwn(options, name)) throw wrongUse(`--${name} is given twice`);
      options[name] = value;
    } else {
      words.push(argument);
    }
  }
  return { words, options };
}

function readIds(words) {
  if (words.length === 0) throw wrongUse('no ID is given');
  const wrong = words.find((word) => !/^\d+$/.test(word));
  if (wrong !== undefined) throw wrongUse(`${wrong} is no ID`);
  return [...new Set(words.map(Number))];
}

function readText(words) {
  const text = words.join(' ').trim();
  if (text === '') throw wrongUse('the text is empty');
  return text;
}

function parseArgs([command, ...argv]) {
  if (command === undefined || !Object.hasOwn(OPTIONS, command)) throw wrongUse('use add, list, done or rm');
  const { words, options } = split(argv, OPTIONS[command]);
  if (options.due !== undefined && !isDay(options.due)) throw wrongUse(`${options.due} is no day of the calendar`);
  if (command === 'add') return { command, text: readText(words), due: options.due };
  if (command !== 'list') return { command, ids: readIds(words) };
  if (words.length > 0) throw wrongUse('list takes no arguments');
  return { command, all: options.all === true };
}

module.exports = { parseArgs };
