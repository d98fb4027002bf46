import { findHeadings } from './blocks.mjs';
import { plainText } from './inline.mjs';

export function listHeadings(markdown) {
  return findHeadings(markdown).map(({ level, source, line }) => {
    const text = plainText(source);
    return { level, text, slug: text.toLowerCase().replace(/[^a-z0-9]+/g, '-'), line };
  });
}

export function renderToc(headings) {
  return headings.map(({ level, text, slug }) => `${'  '.repeat(level - 1)}- [${text}](#${slug})`).join('\n');
}

export function updateToc(markdown) {
  const list = renderToc(listHeadings(markdown));
  return markdown.replace(/<!-- toc -->[^]*<!-- \/toc -->/, `<!-- toc -->\n\n${list}\n\n<!-- /toc -->`);
}
