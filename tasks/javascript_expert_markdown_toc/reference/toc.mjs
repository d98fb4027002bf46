import { scan, splitLines } from './blocks.mjs';
import { plainText } from './inline.mjs';

function slugOf(text) {
  const kept = text.normalize('NFC').toLowerCase().replace(/[^\p{L}\p{M}\p{N}_\- ]/gu, '').replaceAll(' ', '-');
  return kept || 'section';
}

function uniqueSlug(text, taken) {
  const base = slugOf(text);
  let slug = base;
  for (let count = 1; taken.has(slug); count += 1) slug = `${base}-${count}`;
  taken.add(slug);
  return slug;
}

export function listHeadings(markdown) {
  const taken = new Set();
  return scan(markdown).headings
    .map(({ level, source, line }) => ({ level, text: plainText(source), line }))
    .filter(({ text }) => text !== '')
    .map(({ level, text, line }) => ({ level, text, slug: uniqueSlug(text, taken), line }));
}

export function renderToc(headings, { from = 1, to = 6 } = {}) {
  const parents = [];
  return headings.filter(({ level }) => level >= from && level <= to).map(({ level, text, slug }) => {
    while (parents.length > 0 && parents.at(-1) >= level) parents.pop();
    const indent = '  '.repeat(parents.length);
    parents.push(level);
    return `${indent}- [${text.replace(/[\\`*_[\]<&]/g, '\\$&')}](#${slug})`;
  }).join('\n');
}

export function updateToc(markdown, options = {}) {
  const { region } = scan(markdown);
  if (!region) return markdown;
  const lines = splitLines(markdown);
  const { ending } = lines[region.open];
  const list = renderToc(listHeadings(markdown), options);
  const inserted = list === '' ? '' : ['', ...list.split('\n'), ''].map((line) => line + ending).join('');
  const join = (part) => part.map((line) => line.text + line.ending).join('');
  return join(lines.slice(0, region.open + 1)) + inserted + join(lines.slice(region.close));
}
