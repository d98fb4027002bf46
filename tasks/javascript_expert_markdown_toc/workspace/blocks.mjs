/** The headings of a document as { level, source, line }, source being the heading's Markdown. */
export function findHeadings(markdown) {
  return markdown.split('\n').flatMap((text, index) => {
    const match = /^(#+)(.*)$/.exec(text);
    return match ? [{ level: match[1].length, source: match[2].trim(), line: index + 1 }] : [];
  });
}
