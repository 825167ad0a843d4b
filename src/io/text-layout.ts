/** How a table in text is laid out: its separator, its heading, and which columns hold numbers that are wanted. */
import { ConfigError, DataFormatError, expected } from "../errors.js";

/** What a reader of text may be told. */
export interface TextOptions {
  /** Name of the file, for messages. */
  readonly path: string;
  /** Whether the first row is a heading. @default false */
  readonly header?: boolean | undefined;
  /** Columns to leave out: names of the heading, numbers from 1, or ranges of these such as 2-5. */
  readonly labels?: readonly string[] | undefined;
  /** Columns to take, named likewise; in the order of the file. @default all */
  readonly columns?: readonly string[] | undefined;
}

/** Where the numbers are. */
export interface TextLayout {
  /** Byte at which the first row of data begins, and its line, counted from 1. */
  readonly start: number;
  readonly line: number;
  /** What stands between two fields; " " for white space of any kind and commas. */
  readonly separator: "," | ";" | "\t" | " ";
  /** For each column 1 where its numbers are wanted, else 0; undefined where all are. */
  readonly take: Uint8Array | undefined;
  /** Whether the numbers stand in quotation marks. */
  readonly quoted: boolean;
  /** What was done that the user should know. */
  readonly remarks: readonly string[];
}

interface Line {
  readonly text: string;
  /** Whether only the beginning is in `text`. */
  readonly cut: boolean;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Longest part of a line that is looked at here, in bytes. */
const longestLook = 1 << 20;

/**
 * Looks at the first rows of a text. Linear in the length of the first three rows.
 * @throws DataFormatError for a heading or a column of words of which nothing was said
 * @throws ConfigError for columns that are not there
 */
export function layoutOf(bytes: Uint8Array, options: TextOptions): TextLayout {
  const { path, header = false } = options;
  const remarks: string[] = [];
  let first = lineFrom(bytes, 0, 1);
  let names: readonly string[] | undefined;
  if (header && first) {
    names = fieldsOf(first.text, separatorOf(first.text)).map(unquoted);
    if (names.every((name) => looksNumeric(name)))
      remarks.push(`line ${first.line} holds numbers and was left out as the heading (--header)`);
    const { line, end } = first;
    first = lineFrom(bytes, end, line + 1);
    if (!first)
      throw new DataFormatError(expected("numbers below the heading", `line ${line} of ${path}`, "none"), {
        path,
        offset: line,
        hint: "Leave --header out where there is no heading.",
      });
  }
  if (!first) return { start: bytes.length, line: 1, separator: " ", take: undefined, quoted: false, remarks };
  const separator = separatorOf(first.text);
  const fields = fieldsOf(first.text, separator);
  if (first.cut) fields.pop();
  const take = taken(names, fields.length, first.cut, options);
  if (names) checkHeading(names, fields.length, take, path, first.line);
  const wanted = fields.flatMap((field, column) => (take?.[column] === 0 ? [] : [{ field, column }]));
  const words = wanted.filter(({ field }) => looksWord(field));
  const quoted = wanted.length > 0 && wanted.every(({ field }) => field.startsWith('"'));
  const numbersInQuotes = quoted && wanted.every(({ field }) => looksNumeric(unquoted(field)));
  if (words.length > 0 && !numbersInQuotes) refuseWords(bytes, first, fields, words, separator, options);
  return { start: first.start, line: first.line, separator, take, quoted: numbersInQuotes, remarks };
}

/** The next line that is neither blank nor a comment. */
function lineFrom(bytes: Uint8Array, from: number, line: number): Line | undefined {
  let number = line;
  let start = from;
  while (start < bytes.length) {
    let end = start;
    while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
    const cut = end - start > longestLook;
    const text = Buffer.from(bytes.subarray(start, cut ? start + longestLook : end))
      .toString("utf8")
      .replace(/^\ufeff/, "");
    let next = end + 1;
    if (bytes[end] === 13 && bytes[end + 1] === 10) next++;
    if (text.trim() !== "" && !/^\s*(#|%|\/\/)/.test(text)) return { text, cut, start, end: next, line: number };
    start = next;
    number++;
  }
  return undefined;
}

/** Semicolons before commas, commas before tabs. A tab separates alone only where each stands between two fields. */
function separatorOf(line: string): TextLayout["separator"] {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '"');
  if (bare.includes(";")) return ";";
  if (bare.includes(",")) return ",";
  return bare.includes("\t") && !/^\s|\s$|\s\t|\t\s/.test(bare) ? "\t" : " ";
}

function fieldsOf(line: string, separator: TextLayout["separator"]): string[] {
  if (separator === " ") return line.match(/"(?:[^"]|"")*"|[^\s"]+/g) ?? [];
  const fields: string[] = [];
  let from = 0;
  let inQuotes = false;
  for (let at = 0; at <= line.length; at++) {
    if (line[at] === '"') inQuotes = !inQuotes;
    if (at === line.length || (line[at] === separator && !inQuotes)) {
      fields.push(line.slice(from, at).trim());
      from = at + 1;
    }
  }
  return fields;
}

function unquoted(field: string): string {
  return field.startsWith('"') && field.endsWith('"') && field.length > 1
    ? field.slice(1, -1).replaceAll('""', '"')
    : field;
}

function looksNumeric(field: string): boolean {
  return field !== "" && (Number.isFinite(Number(field)) || notFinite.test(field));
}
const notFinite = /^[+-]?(nan|inf|infinity)$/i;

function looksWord(field: string): boolean {
  return field.startsWith('"') || (/^[\p{L}_]/u.test(field) && !notFinite.test(field));
}

/** Which columns are wanted. */
function taken(
  names: readonly string[] | undefined,
  count: number,
  cut: boolean,
  { path, labels, columns }: TextOptions,
): Uint8Array | undefined {
  if (labels === undefined && columns === undefined) return undefined;
  if (cut)
    throw new ConfigError(expected("shorter lines", columns ? "--columns" : "--labels", `over 1 MiB in ${path}`), {
      hint: "Take the columns before.",
    });
  const take = new Uint8Array(count).fill(columns === undefined ? 1 : 0);
  for (const [option, list, mark] of [
    ["--columns", columns, 1],
    ["--labels", labels, 0],
  ] as const)
    for (const given of list ?? [])
      for (const column of columnsOf(given, names, count, option, path)) take[column] = mark;
  if (!take.includes(1))
    throw new ConfigError(expected("at least one column left", labels ? "--labels" : "--columns", `none of ${count}`), {
      hint: "Leave out fewer.",
    });
  return take;
}

/** The columns, counted from 0, one word names. */
function columnsOf(
  given: string,
  names: readonly string[] | undefined,
  count: number,
  option: string,
  path: string,
): number[] {
  // R's tables have no name above the names of the rows.
  const shift = names && names.length === count - 1 ? 1 : 0;
  const named = (names ?? []).flatMap((name, i) => (name === given ? [i + shift] : []));
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(given) ?? [];
  const [low, high] = [Number(from), Number(to)];
  const numbered =
    from !== undefined && low >= 1 && low <= high && high <= count
      ? Array.from({ length: high - low + 1 }, (_, i) => low - 1 + i)
      : [];
  const same = named.length === 1 && numbered.length === 1 && named[0] === numbered[0];
  if (
    named.length + numbered.length === 0 ||
    named.length > 1 ||
    (named.length === 1 && numbered.length > 0 && !same)
  ) {
    const none = named.length + numbered.length === 0;
    throw new ConfigError(
      expected(
        `${none ? "a" : "one"} column of ${path} by its ${names ? "name or " : ""}number from 1 to ${count}`,
        option,
        given,
      ),
      {
        hint: none
          ? names
            ? "Take a name of the heading."
            : "Names need a heading and --header."
          : "More than one column answers to it: rename one, or count otherwise.",
      },
    );
  }
  return named.length > 0 ? named : numbered;
}

/** A heading must fit the row below it, and name what is read. */
function checkHeading(
  names: readonly string[],
  count: number,
  take: Uint8Array | undefined,
  path: string,
  line: number,
): void {
  const rowNames = names.length === count - 1 || (names.length === count && names[0] === "");
  if (rowNames && take?.[0] !== 0)
    throw new DataFormatError(
      expected("a name for every column", `the heading of ${path}`, "none for the first, which seems to name the rows"),
      { path, offset: line, hint: "Leave it out with --labels 1." },
    );
  if (!rowNames && names.length !== count)
    throw new DataFormatError(expected(`${names.length} fields as in the heading`, `line ${line} of ${path}`, count), {
      path,
      offset: line,
      hint: "Give every column a name, or remove the heading.",
    });
}

/** Words where numbers are expected: a heading, columns of labels, or both. */
function refuseWords(
  bytes: Uint8Array,
  first: Line,
  fields: readonly string[],
  words: readonly { readonly field: string; readonly column: number }[],
  separator: TextLayout["separator"],
  { path, header }: TextOptions,
): void {
  const next = lineFrom(bytes, first.end, first.line + 1);
  const below = next && fieldsOf(next.text, separator === " " ? separatorOf(next.text) : separator);
  const wordsBelow = below?.flatMap((field, column) => (looksWord(field) ? [column + 1] : [])) ?? [];
  const allWords = fields.every((field) => looksWord(field) || field === "" || field === '""');
  const isHeading = !header && allWords && below !== undefined && wordsBelow.length < below.length;
  const columns = isHeading ? wordsBelow : words.map(({ column }) => column + 1);
  // A word in one row alone is a fault of that row.
  if (!isHeading && !(below && columns.every((column) => looksWord(below[column - 1] ?? "")))) return;
  const leave = columns.length === 0 ? "" : `--labels ${columns.join(",")}`;
  const rowNames = isHeading && below.length === fields.length + 1;
  const { shown, hint } = isHeading
    ? {
        shown: `a heading (${fields.slice(0, 3).join(" ")}${fields.length > 3 ? " ..." : ""})`,
        hint: `Say --header${leave ? `, and ${leave} to leave out ${rowNames ? "the names of the rows" : "the words below it"}` : " to leave it out"}.`,
      }
    : columns.length === fields.length
      ? { shown: "words", hint: "Check that this is the right file." }
      : { shown: `words in column ${columns.join(",")} (${words[0]!.field})`, hint: `Leave labels out with ${leave}.` };
  throw new DataFormatError(expected("numbers", `line ${first.line} of ${path}`, shown), {
    path,
    offset: first.line,
    hint,
  });
}
