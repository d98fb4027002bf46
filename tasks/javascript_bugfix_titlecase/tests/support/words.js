// Splits a command prefix into words the way a POSIX shell splits a simple command.
'use strict';

const WORD = /(?:[^\s'"\\]|\\[^]|'[^']*'|"(?:\\[^]|[^"\\])*")+/g;
const PIECE = /'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])/g;

function unquote(word) {
  return word.replace(PIECE, (_, single, double, escaped) => {
    if (single !== undefined) return single;
    if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1');
    return escaped;
  });
}

function candidatePrefix() {
  return (String(process.env.BENCHGEN_CANDIDATE ?? '').match(WORD) ?? []).map(unquote);
}

module.exports = { candidatePrefix };
