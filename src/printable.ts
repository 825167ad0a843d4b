/** Text from outside (names of files, labels, values of options, messages of other programs), safe on a terminal. */

/**
 * What moves a terminal's cursor, changes its colours or title, or the order in which text is read: control characters
 * (C0, DEL, C1), line and paragraph separators, marks of direction (bidirectional overrides), the byte order mark and
 * halves of surrogate pairs.
 */
const unprintable = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** The same, but that new lines and tabulators stay. */
const unprintableInLines = new RegExp(`(?![\\n\\t])(?:${unprintable.source})`, "gu");

/**
 * Text in one line, with every character that is not to be printed written as JSON would: `\n`, `\u001b`. Applying it
 * twice changes nothing more.
 */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** {@link printable} for text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.replace(unprintableInLines, escaped);
}

function escaped(character: string): string {
  const short = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r" }[character];
  return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
