/** What a reader sees of a line of Markdown. */
export function plainText(source) {
  return source.replace(/[*_`]/g, '');
}
