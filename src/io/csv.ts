/**
 * Numbers in text: rows of decimal numbers separated by commas, white space, or both. Read byte by byte, because files
 * of distances hold tens of millions of numbers.
 */
import { DataFormatError, expected, MemoryLimitError } from "../errors.js";

/** A table of numbers, row by row. */
export interface Table {
  readonly data: Float64Array;
  /** [rows, columns] */
  readonly shape: readonly [number, number];
  /** Line in the file, counted from 1, of each row. */
  readonly lines: Uint32Array;
}

/** All numbers of a text, whatever the lines. */
export interface NumberList {
  /** Rounded to float32. */
  readonly data: Float32Array;
  /** Number of lines that hold numbers. */
  readonly rows: number;
  /** How many numbers each of these lines holds, where all hold the same; else undefined. */
  readonly columns: number | undefined;
}

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const plus = 43;
const comma = 44;
const minus = 45;
const point = 46;
const zero = 48;
const smallE = 0x65;
/** Setting this bit turns a capital letter of ASCII into the small one. */
const smallBit = 0x20;

/** Every number of this many digits is below 2^53. */
const exactDigits = 15;

/**
 * Reads a table: every row has the same number of numbers. Lines may end in LF, CRLF or CR, the last one in nothing;
 * blank lines and a byte order mark are skipped. Numbers are decimal, with or without exponent. Linear in the size of the text.
 * @param options.path name of the file, for messages
 * @throws DataFormatError, with path and line, for a ragged row, an empty field, anything that is not a finite decimal
 *   number (words, hexadecimal, "nan", "inf"), or no number at all
 */
export function parseTable(bytes: Uint8Array, options: { readonly path: string }): Table {
  const { path } = options;
  let columns = 0;
  let rows = 0;
  let firstLine = 0;
  let lines = new Uint32Array(1024);
  const data = scan(bytes, path, false, Float64Array, (count, line) => {
    if (rows === 0) {
      columns = count;
      firstLine = line;
    } else if (count !== columns)
      throw new DataFormatError(
        expected(`${columns} numbers as in line ${firstLine}`, `line ${line} of ${path}`, `${count}`),
        {
          path,
          offset: line,
          hint: "Give every row the same number of columns; a triangle of distances has its own format.",
        },
      );
    if (rows === lines.length) lines = grown(lines, 2 * rows);
    lines[rows++] = line;
  });
  return { data, shape: [rows, columns], lines: lines.slice(0, rows) };
}

/**
 * Reads numbers one after the other without regard to lines, as Ripser reads triangles of distances. A comma may also end
 * a line. Otherwise as {@link parseTable}.
 */
export function parseNumbers(bytes: Uint8Array, options: { readonly path: string }): NumberList {
  let rows = 0;
  let columns: number | undefined;
  const data = scan(bytes, options.path, true, Float32Array, (count) => {
    columns = rows === 0 || columns === count ? count : undefined;
    rows++;
  });
  return { data, rows, columns };
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
  bytes: Uint8Array,
  path: string,
  commaEndsLine: boolean,
  type: FloatArray<T>,
  onRow: (count: number, line: number) => void,
): T {
  const end = bytes.length;
  let at = end >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const single = (type as unknown) === Float32Array;
  let values = allocate(type, Math.max(16, end >> 3), path);
  let filled = 0;
  let line = 1;
  let inRow = 0;
  let afterComma = false;

  while (at < end) {
    const byte = bytes[at];
    if (byte === space || byte === tab || (byte === carriageReturn && bytes[at + 1] === lineFeed)) {
      at++;
    } else if (byte === lineFeed || byte === carriageReturn) {
      if (afterComma && !commaEndsLine) throw notNumber(path, line, "");
      if (inRow > 0) onRow(inRow, line);
      inRow = 0;
      afterComma = false;
      line++;
      at++;
    } else if (byte === comma) {
      if (afterComma || inRow === 0) throw notNumber(path, line, "");
      afterComma = true;
      at++;
    } else {
      const start = at;
      let negative = false;
      if (byte === minus || byte === plus) {
        negative = byte === minus;
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
      if (!good || !isEnd(bytes, at)) throw notNumber(path, line, token(bytes, start));
      let value = Number.NaN;
      if (exponent >= -22 && exponent <= 22) {
        const lower = scale(mantissa, exponent);
        // With digits left out the number lies between this and the next mantissa: enough if both give one float32.
        if (significant <= exactDigits || (single && Math.fround(lower) === Math.fround(scale(mantissa + 1, exponent))))
          value = negative ? -lower : lower;
      }
      if (Number.isNaN(value)) {
        value = Number(latin1(bytes, start, at));
        if (!Number.isFinite(value)) throw notNumber(path, line, latin1(bytes, start, at));
      }
      if (filled === values.length) {
        const larger = allocate(type, 2 * filled, path);
        larger.set(values);
        values = larger;
      }
      values[filled++] = value;
      inRow++;
      afterComma = false;
    }
  }
  if (afterComma && !commaEndsLine) throw notNumber(path, line, "");
  if (inRow > 0) onRow(inRow, line);
  if (filled === 0)
    throw new DataFormatError(expected("at least one number", path, end === 0 ? "an empty file" : "none"), {
      path,
      offset: 1,
      hint: "Check that this is the right file.",
    });
  return values.slice(0, filled) as T;
}

/** 10^0 to 10^22, all exact in float64. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

function scale(mantissa: number, exponent: number): number {
  return exponent < 0 ? mantissa / powersOfTen[-exponent] : mantissa * powersOfTen[exponent];
}

function isEnd(bytes: Uint8Array, at: number): boolean {
  if (at >= bytes.length) return true;
  const byte = bytes[at];
  return byte === comma || byte === lineFeed || byte === space || byte === tab || byte === carriageReturn;
}

/** The field that starts at `start`, for a message. */
function token(bytes: Uint8Array, start: number): string {
  let end = start;
  while (end - start < 40 && !isEnd(bytes, end)) end++;
  return Buffer.from(bytes.subarray(start, end)).toString("utf8");
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

function notNumber(path: string, line: number, got: string): DataFormatError {
  const what = got === "" ? "a number in every field" : "a finite decimal number";
  const hint =
    line === 1 && /^[\p{L}_"#]/u.test(got)
      ? "Remove headings and comments; separate numbers by commas or white space."
      : "Separate numbers by commas or white space; leave out or repair what is not a number.";
  return new DataFormatError(expected(what, `line ${line} of ${path}`, got === "" ? "an empty field" : got), {
    path,
    offset: line,
    hint,
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
