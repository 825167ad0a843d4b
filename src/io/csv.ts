/**
 * Numbers in text: rows of decimal numbers separated by commas, semicolons, white space, or commas and white space. Read
 * byte by byte, because files of distances hold tens of millions of numbers.
 */
import { DataFormatError, expected, MemoryLimitError } from "../errors.js";
import { textOf } from "./content.js";
import { layoutOf, type TextLayout, type TextOptions } from "./text-layout.js";

/** A table of numbers, row by row. */
export interface Table {
  readonly data: Float64Array;
  /** [rows, columns] */
  readonly shape: readonly [number, number];
  /** Line in the file, counted from 1, of each row. */
  readonly lines: Uint32Array;
  /** What was done that the user should know. */
  readonly remarks: readonly string[];
}

/** All numbers of a text, whatever the lines. */
export interface NumberList {
  /** Rounded to float32. */
  readonly data: Float32Array;
  readonly arrangement: Arrangement;
  /** What was done that the user should know. */
  readonly remarks: readonly string[];
}

/** How numbers stand in lines. */
export interface Arrangement {
  /** Number of lines that hold numbers. */
  readonly rows: number;
  /** How many numbers each of these lines holds, where all hold the same; else undefined. */
  readonly columns: number | undefined;
  /** Whether they hold 1, 2, 3, ... numbers. */
  readonly growing: boolean;
  /** Whether they hold ..., 3, 2, 1 numbers. */
  readonly shrinking: boolean;
}

/** Options of the readers of text. */
export interface NumbersOptions extends TextOptions {
  /** Whether `inf` is a number, as among distances. @default false */
  readonly infinity?: boolean;
}

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const plus = 43;
const quote = 34;
const hash = 35;
const percent = 37;
const comma = 44;
const minus = 45;
const point = 46;
const slash = 47;
const zero = 48;
const semicolon = 59;
const smallE = 0x65;
/** Setting this bit turns a capital letter of ASCII into the small one. */
const smallBit = 0x20;

/** Every number of this many digits is below 2^53. */
const exactDigits = 15;

/**
 * Reads a table: every row has the same number of numbers. Lines may end in LF, CRLF or CR, the last one in nothing;
 * blank lines, lines that begin with #, % or //, and a byte order mark are skipped. Numbers are decimal, with or without
 * exponent, all of them in quotation marks or none. Linear in the size of the text.
 * @throws DataFormatError, with path and line, for a ragged row, an empty field, anything that is not a finite decimal
 *   number (words, hexadecimal, "nan", decimal commas), two kinds of separators in a row, a heading or labels of which
 *   nothing was said, binary data, or no number at all
 * @throws ConfigError for columns that are not there
 */
export function parseTable(bytes: Uint8Array, options: NumbersOptions): Table {
  const { path } = options;
  let columns = 0;
  let rows = 0;
  let firstLine = 0;
  let taken = 0;
  let lines = new Uint32Array(1024);
  const { data, remarks } = scan(bytes, options, false, Float64Array, (count, line, fields) => {
    if (rows === 0) {
      columns = fields;
      firstLine = line;
    } else if (fields !== columns)
      throw new DataFormatError(
        expected(`${columns} numbers as in line ${firstLine}`, `line ${line} of ${path}`, `${fields}`),
        { path, offset: line, hint: raggedHint(rows, columns, fields) },
      );
    if (rows === lines.length) lines = grown(lines, 2 * rows);
    lines[rows++] = line;
    taken = count;
  });
  return { data, shape: [rows, taken], lines: lines.slice(0, rows), remarks };
}

function raggedHint(row: number, first: number, count: number): string {
  if (row === 1 && first === 1 && count === 2)
    return "For a triangle of distances that grows by one a line say --format lower-distance.";
  if (row === 1 && count === first - 1)
    return "For a triangle of distances that shrinks by one a line say --format upper-distance.";
  return "Give every row the same number of columns; a triangle of distances has its own format.";
}

/**
 * Reads numbers one after the other without regard to lines, as Ripser reads triangles of distances, and says how they
 * stood in lines. A comma may also end a line. Otherwise as {@link parseTable}.
 */
export function parseNumbers(bytes: Uint8Array, options: NumbersOptions): NumberList {
  let rows = 0;
  let first = 0;
  let last = 0;
  let same = true;
  let growing = true;
  let shrinking = true;
  const { data, remarks } = scan(bytes, options, true, Float32Array, (count) => {
    if (rows === 0) first = count;
    same &&= count === first;
    growing &&= count === rows + 1;
    shrinking &&= count === first - rows;
    last = count;
    rows++;
  });
  shrinking &&= last === 1;
  return { data, arrangement: { rows, columns: same ? first : undefined, growing, shrinking }, remarks };
}

interface FloatArray<T> {
  new (length: number): T;
}

/**
 * The scanner both readers share. Decimal digits are gathered in an integer below 2^53 and scaled by an exact power of
 * ten, which rounds correctly (W. D. Clinger, How to read floating point numbers accurately, 1990, fast path); longer or
 * more extreme numbers go through Number().
 */
function scan<T extends Float32Array | Float64Array>(
  whole: Uint8Array,
  options: NumbersOptions,
  commaEndsLine: boolean,
  type: FloatArray<T>,
  onRow: (count: number, line: number, fields: number) => void,
): { readonly data: T; readonly remarks: readonly string[] } {
  const { path, infinity = false } = options;
  const bytes = textOf(whole, path);
  const layout = layoutOf(bytes, options);
  const { take, quoted } = layout;
  // In a list lines and tabs carry no meaning.
  const separator = separatorByte(layout, commaEndsLine);
  const end = bytes.length;
  let at = layout.start;
  const single = (type as unknown) === Float32Array;
  let values = allocate(type, Math.max(16, end >> 3), path);
  let filled = 0;
  let line = layout.line;
  /** Fields of this row so far, and how many of them were wanted. */
  let fields = 0;
  let inRow = 0;
  let afterComma = false;
  let byComma = false;
  let byBlank = false;
  /** An empty field is right only where it is not wanted. */
  const emptyField = () => {
    if (take?.[fields] !== 0) throw notNumber(path, line, "", infinity);
    fields++;
  };
  const endRow = () => {
    if (afterComma && !commaEndsLine) emptyField();
    if (byComma && byBlank) throw mixed(path, line);
    if (fields > 0) onRow(inRow, line, fields);
    fields = 0;
    inRow = 0;
    afterComma = false;
    byComma = false;
    byBlank = false;
  };

  while (at < end) {
    const byte = bytes[at];
    if (byte === separator) {
      if (afterComma || fields === 0) emptyField();
      afterComma = true;
      at++;
    } else if (byte === space || byte === tab || (byte === carriageReturn && bytes[at + 1] === lineFeed)) {
      at++;
    } else if (byte === lineFeed || byte === carriageReturn) {
      endRow();
      line++;
      at++;
    } else if (fields === 0 && !afterComma && isComment(bytes, at)) {
      while (at < end && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at++;
    } else if (take?.[fields] === 0) {
      at = pastField(bytes, at, layout.separator, path, line);
      fields++;
      afterComma = false;
    } else {
      if (afterComma) byComma = true;
      else if (fields > 0) byBlank = true;
      const start = at;
      if (quoted && byte === quote) at++;
      let negative = false;
      if (bytes[at] === minus || bytes[at] === plus) {
        negative = bytes[at] === minus;
        at++;
      }
      let mantissa = 0;
      let digits = 0;
      let significant = 0;
      let exponent = 0;
      let digit = at < end ? bytes[at] - zero : -1;
      while (digit >= 0 && digit <= 9) {
        if (significant < exactDigits) mantissa = mantissa * 10 + digit;
        else exponent++;
        if (mantissa !== 0) significant++;
        digits++;
        digit = ++at < end ? bytes[at] - zero : -1;
      }
      if (at < end && bytes[at] === point) {
        digit = ++at < end ? bytes[at] - zero : -1;
        while (digit >= 0 && digit <= 9) {
          if (significant < exactDigits) {
            mantissa = mantissa * 10 + digit;
            exponent--;
          }
          if (mantissa !== 0) significant++;
          digits++;
          digit = ++at < end ? bytes[at] - zero : -1;
        }
      }
      let good = digits > 0;
      if (good && at < end && (bytes[at] | smallBit) === smallE) {
        at++;
        let sign = 1;
        if (at < end && (bytes[at] === minus || bytes[at] === plus)) sign = bytes[at++] === minus ? -1 : 1;
        const from = at;
        let power = 0;
        digit = at < end ? bytes[at] - zero : -1;
        while (digit >= 0 && digit <= 9) {
          if (power < 10000) power = power * 10 + digit;
          digit = ++at < end ? bytes[at] - zero : -1;
        }
        good = at > from;
        exponent += sign * power;
      }
      const stop = at;
      if (quoted && good && bytes[start] === quote) good = bytes[at++] === quote;
      let value = Number.NaN;
      if (!good || !isEnd(bytes, at, separator)) {
        const word = token(bytes, start, separator);
        const sign = infinity ? infinite.exec(word) : null;
        if (sign === null) throw notNumber(path, line, word, infinity);
        value = sign[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
        at = start + word.length;
      } else {
        if (exponent >= -22 && exponent <= 22) {
          const lower = scale(mantissa, exponent);
          // With digits left out the number lies between this and the next mantissa: enough if both give one float32.
          if (
            significant <= exactDigits ||
            (single && Math.fround(lower) === Math.fround(scale(mantissa + 1, exponent)))
          )
            value = negative ? -lower : lower;
        }
        if (Number.isNaN(value)) {
          value = Number(latin1(bytes, start, stop).replace('"', ""));
          if (!Number.isFinite(value)) throw notNumber(path, line, latin1(bytes, start, at), infinity);
        }
        if (single && !Number.isFinite(Math.fround(value))) throw tooLarge(path, line, latin1(bytes, start, at));
      }
      if (filled === values.length) {
        const larger = allocate(type, 2 * filled, path);
        larger.set(values);
        values = larger;
      }
      values[filled++] = value;
      fields++;
      inRow++;
      afterComma = false;
    }
  }
  endRow();
  if (filled === 0)
    throw new DataFormatError(expected("at least one number", path, "none"), {
      path,
      offset: 1,
      hint: "Check that this is the right file.",
    });
  return { data: values.slice(0, filled) as T, remarks: layout.remarks };
}

const infinite = /^([+-]?)inf(inity)?$/i;

function separatorByte({ separator }: TextLayout, isList: boolean): number {
  return separator === ";" ? semicolon : separator === "\t" && !isList ? tab : comma;
}

/** Whether a line begins as comments do in files of numbers: #, % or //. */
function isComment(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return byte === hash || byte === percent || (byte === slash && bytes[at + 1] === slash);
}

/** Where a field ends that is not wanted. */
function pastField(
  bytes: Uint8Array,
  start: number,
  separator: TextLayout["separator"],
  path: string,
  line: number,
): number {
  let at = start;
  let inQuotes = false;
  const code = separator.charCodeAt(0);
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === lineFeed || byte === carriageReturn) break;
    if (byte === quote) inQuotes = !inQuotes;
    else if (!inQuotes && (byte === code || (code === space && byte === tab))) break;
  }
  if (inQuotes)
    throw new DataFormatError(expected("a closing quotation mark", `line ${line} of ${path}`, "none"), {
      path,
      offset: line,
      hint: "Keep every row on one line.",
    });
  return at;
}

/** 10^0 to 10^22, all exact in float64. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

function scale(mantissa: number, exponent: number): number {
  return exponent < 0 ? mantissa / powersOfTen[-exponent] : mantissa * powersOfTen[exponent];
}

function isEnd(bytes: Uint8Array, at: number, separator: number): boolean {
  if (at >= bytes.length) return true;
  const byte = bytes[at];
  return byte === separator || byte === lineFeed || byte === space || byte === tab || byte === carriageReturn;
}

/** The field that starts at `start`, for a message. */
function token(bytes: Uint8Array, start: number, separator: number): string {
  let end = start;
  while (end - start < 40 && !isEnd(bytes, end, separator)) end++;
  return Buffer.from(bytes.subarray(start, end)).toString("utf8");
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

function notNumber(path: string, line: number, got: string, infinity: boolean): DataFormatError {
  const what =
    got === "" ? "a number in every field" : infinity ? "a decimal number or inf" : "a finite decimal number";
  const hint = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i.test(got)
    ? "Write decimal points: beside semicolons a comma might be either."
    : /^"/.test(got)
      ? "Leave quotation marks off numbers; leave a column of labels out with --labels and its number."
      : /^[\p{L}_]/u.test(got)
        ? "Leave a heading out with --header, a column of labels with --labels and its number."
        : "Separate numbers by commas or white space; leave out or repair what is not a number.";
  return new DataFormatError(expected(what, `line ${line} of ${path}`, got === "" ? "an empty field" : got), {
    path,
    offset: line,
    hint,
  });
}

function mixed(path: string, line: number): DataFormatError {
  return new DataFormatError(
    expected("one kind of separator in a row", `line ${line} of ${path}`, "commas (or tabs) and white space"),
    { path, offset: line, hint: "Write decimal points, and separate all numbers alike: a comma might be either." },
  );
}

function tooLarge(path: string, line: number, got: string): DataFormatError {
  return new DataFormatError(expected("a number within float32 (below 3.4e38)", `line ${line} of ${path}`, got), {
    path,
    offset: line,
    hint: "Rescale the data.",
  });
}

function grown(lines: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(lines);
  return larger;
}

function allocate<T>(type: FloatArray<T>, length: number, path: string): T {
  try {
    return new type(length);
  } catch (cause) {
    throw new MemoryLimitError(expected("input that fits in memory", path, `at least ${length / 2} numbers`), {
      hint: "Use a binary format, or fewer points.",
      cause,
    });
  }
}
