const ESCAPE = /\\([!-/:-@[-`{-~])/y;
const TICKS = /`+/y;
const AUTOLINK = /<([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*)>/y;
const TAG = /<(?:\/?[A-Za-z][^>]*|!--[^]*?--)>/y;
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6}));/y;
const RUN = /\*+|_+|~+/y;
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const WORD = /[\p{L}\p{N}]/u;

function matchAt(pattern, source, at) {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/** The end of a code span that starts at `at`, and its content; null when the run of backticks has no partner. */
function codeSpan(source, at) {
  const marks = matchAt(TICKS, source, at)[0];
  for (let place = at + marks.length; place < source.length;) {
    const run = matchAt(TICKS, source, place)?.[0];
    if (run?.length === marks.length) return { end: place + run.length, text: trimCode(source.slice(at + marks.length, place)) };
    place += run?.length ?? 1;
  }
  return null;
}

function trimCode(content) {
  return content.startsWith(' ') && content.endsWith(' ') && content.trim() !== '' ? content.slice(1, -1) : content;
}

/** The place of the bracket that closes the one at `at`, or -1. */
function closingBracket(source, at, close) {
  const open = source[at];
  let depth = 0;
  for (let place = at; place < source.length;) {
    const skipped = open === '[' && source[place] === '`' ? codeSpan(source, place) : null;
    if (source[place] === '\\') place += 1;
    else if (source[place] === open && !skipped) depth += 1;
    else if (source[place] === close) depth -= 1;
    if (depth === 0) return place;
    place = skipped ? skipped.end : place + 1;
  }
  return -1;
}

function link(source, at) {
  const start = source[at] === '!' ? at + 1 : at;
  if (source[start] !== '[') return null;
  const labelEnd = closingBracket(source, start, ']');
  const close = { '(': ')', '[': ']' }[source[labelEnd + 1]];
  if (labelEnd < 0 || !close) return null;
  if (close === ']' && start !== at) return null;
  const end = closingBracket(source, labelEnd + 1, close);
  return end < 0 ? null : { end: end + 1, text: read(source.slice(start + 1, labelEnd)) };
}

function angle(source, at) {
  const autolink = matchAt(AUTOLINK, source, at);
  if (autolink) return { end: at + autolink[0].length, text: autolink[1] };
  const tag = matchAt(TAG, source, at);
  return tag ? { end: at + tag[0].length, text: '' } : null;
}

function reference(source, at) {
  const match = matchAt(REFERENCE, source, at);
  if (!match) return null;
  const [whole, name, decimal, hex] = match;
  const code = decimal ? Number(decimal) : parseInt(hex, 16);
  if (!name && code > 0x10ffff) return null;
  return { end: at + whole.length, text: name ? NAMED[name] : String.fromCodePoint(code) };
}

/** What stands at `at` and is no emphasis: { end, text }, or null for a plain character. */
function atom(source, at) {
  const escape = matchAt(ESCAPE, source, at);
  if (escape) return { end: at + 2, text: escape[1] };
  if (source[at] === '`') return codeSpan(source, at) ?? plainRun(TICKS, source, at);
  if (source[at] === '[' || source[at] === '!') return link(source, at);
  if (source[at] === '<') return angle(source, at);
  return source[at] === '&' ? reference(source, at) : null;
}

function plainRun(pattern, source, at) {
  const [text] = matchAt(pattern, source, at);
  return { end: at + text.length, text };
}

const isSpace = (character) => character === undefined || /\s/.test(character);
const insideWord = (run, character) => run[0] === '_' && character !== undefined && WORD.test(character);
const emphasises = (run) => (run[0] === '~' ? run.length === 2 : run.length <= 3);

function emphasis(source, at, run) {
  const start = at + run.length;
  if (!emphasises(run) || isSpace(source[start]) || insideWord(run, source[at - 1])) return null;
  for (let place = start; place < source.length;) {
    const found = matchAt(RUN, source, place)?.[0];
    const end = place + (found?.length ?? 0);
    if (found === run && !isSpace(source[place - 1]) && !insideWord(run, source[end])) {
      return { end, text: read(source.slice(start, place)) };
    }
    place = found ? end : atom(source, place)?.end ?? place + 1;
  }
  return null;
}

function read(source) {
  let text = '';
  for (let at = 0; at < source.length;) {
    const run = matchAt(RUN, source, at)?.[0];
    const piece = run ? emphasis(source, at, run) ?? plainRun(RUN, source, at) : atom(source, at);
    text += piece ? piece.text : source[at];
    at = piece ? piece.end : at + 1;
  }
  return text;
}

/** What a reader sees of a line of Markdown. */
export function plainText(source) {
  return read(source).replace(/\s+/g, ' ').trim();
}
