'use strict';

const SMALL_WORDS = new Set('a an and as at but by for from in nor of on or per the to via vs'.split(' '));

function capitalise(word) {
  return word.replace(/\b[a-z]|[0-9][a-z]/g, (start) => start.toUpperCase());
}

/** The text with the capitals that a title needs. */
function titleCase(text) {
  const words = text.toLowerCase().split(/\s+/);
  return words
    .map((word, index) => (index > 0 && SMALL_WORDS.has(word) ? word : capitalise(word)))
    .join(' ');
}

module.exports = { titleCase };
