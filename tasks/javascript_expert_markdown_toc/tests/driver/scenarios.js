// The scenarios: each calls one exported function and passes on what it returned.
'use strict';

const path = require('node:path');
const { pathToFileURL } = require('node:url');

const load = () => import(pathToFileURL(path.join(process.cwd(), 'toc.mjs')).href);

async function list({ markdown }) {
  const { listHeadings } = await load();
  return Array.from(listHeadings(markdown), ({ level, text, slug, line }) => ({ level, text, slug, line }));
}

async function render({ headings, options }) {
  const { renderToc } = await load();
  return renderToc(headings, options);
}

async function update({ markdown, options }) {
  const { updateToc } = await load();
  const once = updateToc(markdown, options);
  return { once, twice: updateToc(once, options) };
}

module.exports = { list, render, update };
