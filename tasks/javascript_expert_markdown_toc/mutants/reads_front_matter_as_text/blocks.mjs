const FENCE = /^ {0,3}(?:(`{3,})[^`]*|(~{3,})[^]*)$/;
const COMMENT = /^ {0,3}<!--/;
const BLANK = /^[ \t]*$/;
const INDENTED = /^(?: {4}| {0,3}\t)/;
const ATX = /^ {0,3}(#{1,6})(?:[ \t]+([^]*))?$/;
const UNDERLINE = /^ {0,3}(=+|-+) *$/;
const BREAK = /^ {0,3}([*_-])(?: *\1){2,} *$/;
const CONTAINER = /^ {0,3}(?:>|(?:[-+*]|\d{1,9}[.)])(?: |$))/;
const OPEN = /^ {0,3}<!-- toc --> *$/;
const CLOSE = /^ {0,3}<!-- \/toc --> *$/;

/** The lines of a text as { text, ending }; together they are the text again. */
export function splitLines(markdown) {
  return [...markdown.matchAll(/([^\n]*?)(\r?\n|$)/g)]
    .map(([, text, ending]) => ({ text, ending }))
    .filter(({ text, ending }) => text !== '' || ending !== '');
}

class Scanner {
  constructor(lines) {
    this.lines = lines;
    this.at = 0;
    this.headings = [];
    this.region = null;
    this.paragraph = null;
    this.contained = false; // in the text of a quote or list item
  }

  run() {
    while (this.at < this.lines.length) {
      this.take(this.lines[this.at]);
      this.at += 1;
    }
    return this;
  }

  skipFrontMatter() {
    if (this.lines[0] !== '---') return;
    const end = this.lines.indexOf('---', 1);
    if (end > 0) this.at = end + 1;
  }

  take(line) {
    if (this.takeOpaque(line)) return;
    if (BLANK.test(line)) this.leave();
    else if (INDENTED.test(line)) this.paragraph?.texts.push(line);
    else if (ATX.test(line)) this.addAtx(ATX.exec(line));
    else if (UNDERLINE.test(line) && this.paragraph) this.addSetext(UNDERLINE.exec(line)[1]);
    else if (BREAK.test(line)) this.leave();
    else if (CONTAINER.test(line)) this.leave(true);
    else if (!this.contained) this.addText(line);
  }

  /** Steps over fenced code, comments and the region of the markers. */
  takeOpaque(line) {
    const fence = FENCE.exec(line);
    if (fence) this.skipTo(this.closingFence(fence[1] ?? fence[2]));
    else if (OPEN.test(line) && this.closingMarker() > 0) this.skipRegion();
    else if (COMMENT.test(line)) this.skipTo(this.find(this.at, (text) => text.includes('-->')));
    else return false;
    this.leave();
    return true;
  }

  find(start, matches) {
    const index = this.lines.slice(start).findIndex(matches);
    return index < 0 ? -1 : start + index;
  }

  skipTo(index) {
    this.at = index < 0 ? this.lines.length : index;
  }

  closingFence(marks) {
    const close = new RegExp(`^ {0,3}${marks[0]}{${marks.length},} *$`);
    return this.find(this.at + 1, (text) => close.test(text));
  }

  closingMarker() {
    return this.region ? -1 : this.find(this.at + 1, (text) => CLOSE.test(text));
  }

  skipRegion() {
    this.region = { open: this.at, close: this.closingMarker() };
    this.at = this.region.close;
  }

  leave(contained = false) {
    this.paragraph = null;
    this.contained = contained;
  }

  addAtx([, marks, rest = '']) {
    const source = rest.replace(/(^|[ \t]+)#+[ \t]*$/, '').trim();
    this.headings.push({ level: marks.length, source, line: this.at + 1 });
    this.leave();
  }

  addSetext(marks) {
    const { texts, line } = this.paragraph;
    const source = texts.map((text) => text.trim()).join(' ');
    this.headings.push({ level: marks[0] === '=' ? 1 : 2, source, line });
    this.leave();
  }

  addText(line) {
    this.paragraph ??= { texts: [], line: this.at + 1 };
    this.paragraph.texts.push(line);
  }
}

/** The headings of a document as { level, source, line }, and the region of its markers as { open, close }, or null. */
export function scan(markdown) {
  return new Scanner(splitLines(markdown).map(({ text }) => text)).run();
}
