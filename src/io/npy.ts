/**
 * NumPy's .npy files, read and written by its published format (numpy.lib.format, versions 1.0, 2.0 and 3.0): the magic,
 * the length of the header, a Python dictionary with dtype, order and shape, then the numbers.
 */
import { DataFormatError, expected } from "../errors.js";

/** Typed arrays a .npy file can hold. */
export type NpyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** An array with its shape, row by row (C order). */
export interface NpyArray {
  readonly data: NpyData;
  /** Empty for a single number. */
  readonly shape: readonly number[];
  /** NumPy's name of the element type, e.g. "<f4". Booleans ("|b1") are bytes 0 and 1. */
  readonly dtype: string;
}

type TypedArray = NpyData & { set(from: ArrayLike<never>): void };

interface ElementType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): NpyData;
}

/** By kind and size; half floats are read as bits and then widened. */
const types: Readonly<Record<string, ElementType>> = {
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  u1: Uint8Array,
  b1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
};

/** NumPy's characters for the same types, and its long names. */
const aliases: Readonly<Record<string, string>> = {
  "?": "b1",
  bool: "b1",
  b: "i1",
  B: "u1",
  h: "i2",
  H: "u2",
  i: "i4",
  I: "u4",
  q: "i8",
  Q: "u8",
  e: "f2",
  f: "f4",
  d: "f8",
};

/** Kind and size, e.g. f4, of "<f4", "f4", "d" or "float32"; undefined for what holds no plain numbers. */
function elementName(dtype: string): string | undefined {
  const bare = dtype.replace(/^[<>=|]/, "");
  const long = /^(float|u?int)(\d+)$/.exec(bare);
  const name =
    (Object.hasOwn(aliases, bare) ? aliases[bare] : undefined) ??
    (long ? `${long[1]![0]}${Number(long[2]) / 8}` : bare);
  return Object.hasOwn(types, name) ? name : undefined;
}

/** What other types hold, in words. */
function kindInWords(dtype: string): string {
  const letter = dtype.replace(/^[<>=|]/, "")[0] ?? "";
  const words: Readonly<Record<string, string>> = {
    c: "complex numbers",
    O: "Python objects",
    U: "text",
    S: "text",
    V: "raw bytes",
    M: "dates",
    m: "spans of time",
    f: "floats of another size",
    g: "floats of another size",
  };
  const known = words[letter];
  return known ? `${dtype} (${known})` : dtype;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Whether bytes begin like a .npy file. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Decodes a .npy file: floats of 2, 4 and 8 bytes, integers of 1, 2, 4 and 8 bytes, booleans, in either byte order, by
 * whatever spelling of the header NumPy takes. Half floats become float32. Arrays in Fortran order are turned into C order.
 * C-ordered little-endian data that is suitably aligned is a view of `bytes`, not a copy.
 * @param options.path name of the file, for messages
 * @throws DataFormatError, with path and byte offset, for another magic, version or type, a broken header, missing bytes, or
 *   bytes too many
 */
export function parseNpy(bytes: Uint8Array, options: { readonly path: string }): NpyArray {
  const { path } = options;
  const fail = (what: string, name: string, got: unknown, offset: number, hint: string): never => {
    throw new DataFormatError(expected(what, `${name} at byte ${offset} of ${path}`, got), { path, offset, hint });
  };
  if (!isNpy(bytes)) fail("\\x93NUMPY", "the magic", latin1(bytes.subarray(0, 6)), 0, "Save it with numpy.save.");
  if (bytes.length < 8) fail("at least 10 bytes", "the file", bytes.length, bytes.length, cutOff);
  const major = bytes[6];
  if (major !== 1 && major !== 2 && major !== 3)
    fail("1.0, 2.0 or 3.0", "the format version", `${major}.${bytes[7]}`, 6, "Save it anew with numpy.save.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerStart = major === 1 ? 10 : 12;
  if (bytes.length < headerStart) fail(`at least ${headerStart} bytes`, "the file", bytes.length, bytes.length, cutOff);
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = headerStart + headerLength;
  if (bytes.length < start)
    fail(`a header of ${headerLength} bytes`, "the file", `${bytes.length - headerStart}`, bytes.length, cutOff);
  const header = latin1(bytes.subarray(headerStart, start)).trimEnd();

  const dtype =
    /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(header)?.[1] ??
    fail("one plain array of numbers", "descr", header, headerStart, "Save it without field names, one field alone.");
  const fortran =
    /['"]fortran_order['"]\s*:\s*(True|False|0|1)\b/.exec(header)?.[1] ??
    fail("True or False", "fortran_order", header, headerStart, "Save it anew with numpy.save.");
  const shapeText =
    /['"]shape['"]\s*:\s*[([]([\dL\s,]*)[)\]]/.exec(header)?.[1] ??
    fail("a tuple of sizes", "shape", header, headerStart, "Save it anew with numpy.save.");
  const shape = shapeText
    .split(",")
    .map((part) => part.trim().replace(/L$/, ""))
    .filter((part) => part !== "")
    .map(Number);
  if (!shape.every((size) => Number.isSafeInteger(size)))
    fail("a tuple of sizes", "shape", shapeText, headerStart, "Save it anew with numpy.save.");
  const element =
    elementName(dtype) ??
    fail("floats, integers or booleans", "descr", kindInWords(dtype), headerStart, 'Convert it: array.astype("<f4").');
  const elements = types[element]!;

  const count = shape.reduce((product, size) => product * size, 1);
  const end = start + count * elements.BYTES_PER_ELEMENT;
  if (bytes.length < end)
    fail(
      `${end - start} bytes of data (${dtype} of shape (${shape}))`,
      "the file",
      bytes.length - start,
      bytes.length,
      cutOff,
    );
  if (bytes.length > end)
    fail("the end of the file", "the data", `${bytes.length - end} more bytes`, end, "Keep one array per file.");
  const offset = bytes.byteOffset + start;
  const size = elements.BYTES_PER_ELEMENT;
  const swap = dtype.startsWith(">") && size > 1;
  const stored =
    offset % size === 0 && !swap
      ? new elements(bytes.buffer, offset, count)
      : new elements(copied(bytes, start, end, swap ? size : 1).buffer);
  const data = element === "f2" ? fromHalf(stored as Uint16Array) : stored;
  const inOrder = (fortran === "True" || fortran === "1") && shape.length > 1 ? toRowOrder(data, shape) : data;
  return { data: inOrder, shape, dtype };
}

/** A copy of some bytes, in the other byte order where their numbers are longer than one. */
function copied(bytes: Uint8Array, start: number, end: number, size: number): Uint8Array {
  // A Buffer's own slice would be a view.
  const copy = new Uint8Array(bytes.subarray(start, end));
  const buffer = Buffer.from(copy.buffer);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
  return copy;
}

/** IEEE 754 half floats, from their bits. */
function fromHalf(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
}

/**
 * Encodes an array as a .npy file of version 1.0 (little-endian, C order), padded like NumPy's own so that the data
 * starts at a multiple of 64 bytes. The bytes equal those of numpy.save.
 * @throws DataFormatError when the shape does not multiply to data.length
 */
export function formatNpy(data: NpyData, shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length)
    throw new DataFormatError(expected(`${count} numbers for shape (${shape})`, "data", data.length), {
      path: "a .npy array",
      hint: "Check shape against data.length.",
    });
  const dtype = dtypeOf(data);
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + data.byteLength);
  bytes.set(magic);
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  bytes.set(Buffer.from(`${dictionary.padEnd(length - 11)}\n`, "latin1"), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length);
  return bytes;
}

const cutOff = "The file is cut off: copy it again.";

function dtypeOf(data: NpyData): string {
  const size = data.BYTES_PER_ELEMENT;
  const letter = /^Float/.test(data.constructor.name) ? "f" : /^(Big)?Uint/.test(data.constructor.name) ? "u" : "i";
  return `${size === 1 ? "|" : "<"}${letter}${size}`;
}

/** Column-major to row-major. In Fortran order the first index runs fastest. */
function toRowOrder(data: NpyData, shape: readonly number[]): NpyData {
  const result = data.slice() as TypedArray;
  const source = data as { readonly [index: number]: unknown };
  const target = result as unknown as { [index: number]: unknown };
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape) {
    strides.push(stride);
    stride *= size;
  }
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    target[to] = source[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** The numbers as floats: float32 stays float32, everything else becomes float64. Floats are not copied. */
export function toFloat(array: NpyArray): Float32Array | Float64Array {
  const { data } = array;
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}
