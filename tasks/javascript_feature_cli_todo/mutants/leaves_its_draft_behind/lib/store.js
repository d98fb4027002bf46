'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { isDay } = require('./dates');
const { fileProblem } = require('./errors');

const UNESCAPED = { n: '\n', t: '\t', r: '\r', '\\': '\\' };
const ESCAPED = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\\': '\\\\' };

const escape = (text) => text.replace(/[\n\t\r\\]/g, (character) => ESCAPED[character]);

function unescape(text) {
  if (!/^(?:[^\\]|\\[ntr\\])*$/.test(text)) return null;
  return text.replace(/\\(.)/g, (_, letter) => UNESCAPED[letter]);
}

function parseTask(line) {
  const fields = line.split('\t');
  if (fields.length !== 4) return null;
  const [id, state, due, escaped] = fields;
  const text = unescape(escaped);
  const right = /^\d+$/.test(id) && ['open', 'done'].includes(state) && (due === '-' || isDay(due)) && text !== null;
  return right ? { id: Number(id), done: state === 'done', due: due === '-' ? undefined : due, text } : null;
}

function parse(content) {
  const bad = (number) => fileProblem(`the file cannot be understood at line ${number}`);
  const lines = content.split('\n');
  const header = /^todo\/1 next=(\d+)$/.exec(lines[0]);
  if (!header) throw bad(1);
  const store = { next: Number(header[1]), lines: [] };
  const seen = new Set();
  for (const [index, line] of lines.slice(1, -1).entries()) {
    if (line === '' || line.startsWith('#')) {
      store.lines.push({ remark: line });
      continue;
    }
    const task = parseTask(line);
    if (!task || seen.has(task.id) || task.id >= store.next) throw bad(index + 2);
    seen.add(task.id);
    store.lines.push({ task });
  }
  if (lines.at(-1) !== '') throw bad(lines.length);
  return store;
}

function load(file) {
  let content;
  try {
    content = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return { next: 1, lines: [] };
    throw fileProblem(`the file cannot be read: ${error.message}`);
  }
  return parse(content);
}

function format({ next, lines }) {
  const rows = lines.map(({ remark, task }) => remark
    ?? [task.id, task.done ? 'done' : 'open', task.due ?? '-', escape(task.text)].join('\t'));
  return [`todo/1 next=${next}`, ...rows, ''].join('\n');
}

/** Where the content really lies, and its permission bits. */
function place(file) {
  try {
    const real = fs.realpathSync(file);
    return { real, mode: fs.statSync(real).mode & 0o7777 };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { real: danglingTarget(file), mode: 0o600 };
  }
}

function danglingTarget(file) {
  const link = fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
  return link ? path.resolve(path.dirname(file), fs.readlinkSync(file)) : file;
}

function writeWhole(file, content, mode) {
  const descriptor = fs.openSync(file, 'wx', 0o600);
  try {
    fs.writeFileSync(descriptor, content);
    fs.fchmodSync(descriptor, mode);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function save(file, store) {
  let draft;
  try {
    const { real, mode } = place(file);
    draft = `${real}.${process.pid}.tmp`;
    writeWhole(draft, format(store), mode);
    fs.renameSync(draft, real);
  } catch (error) {
    throw fileProblem(`the file cannot be written: ${error.message}`);
  }
}

module.exports = { load, save };
