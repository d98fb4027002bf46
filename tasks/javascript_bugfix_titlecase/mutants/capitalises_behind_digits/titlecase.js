'use strict';

const SMALL_WORDS = new Set('a an and as at but by for from in nor of on or per the to via vs'.split(' '));
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu;
const INNER_CAPITAL = /^.+\p{Lu}/su;
const NEW_START = /[:?!]/;

function capitalise(word) {
  return word.replace(/\p{L}/u, (letter) => letter.toUpperCase());
}

function write(word, mayBeSmall) {
  if (INNER_CAPITAL.test(word)) return word;
  const small = word.toLowerCase();
  return mayBeSmall && SMALL_WORDS.has(small) ? small : capitalise(word);
}

/** The text with the capitals that a title needs. */
function titleCase(text) {
  const words = [...text.matchAll(WORD)];
  let result = '';
  let end = 0;
  words.forEach((match, index) => {
    const between = text.slice(end, match.index);
    const inside = index > 0 && index < words.length - 1;
    result += between + write(match[0], inside && !NEW_START.test(between));
    end = match.index + match[0].length;
  });
  return result + text.slice(end);
}

module.exports = { titleCase };
