'use strict';

const fs = require('node:fs');

function load(file) {
  if (!fs.existsSync(file)) return [];
  return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((text, index) => ({ id: index + 1, text }));
}

function save(file, tasks) {
  fs.writeFileSync(file, tasks.map(({ text }) => `${text}\n`).join(''));
}

module.exports = { load, save };
