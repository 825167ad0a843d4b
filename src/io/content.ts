/** What a file is, told by its first bytes: formats that are read here, and those that can only be named. */
import { DataFormatError, expected } from "../errors.js";

/** Formats known by their content, whatever the file is called. */
export type ContentKind = "npy" | "npz" | "dipha" | "idx" | "off" | "text";

/** First bytes, in latin1, of formats that are not read here. */
const strangers: readonly (readonly [string, string])[] = [
  ["\x89PNG\r\n\x1a\n", "a PNG picture"],
  ["\xff\xd8\xff", "a JPEG picture"],
  ["GIF8", "a GIF picture"],
  ["II*\0", "a TIFF picture"],
  ["MM\0*", "a TIFF picture"],
  ["RIFF", "a RIFF file (sound or a picture)"],
  ["%PDF-", "a PDF"],
  ["PAR1", "a Parquet file"],
  ["\x89HDF\r\n\x1a\n", "an HDF5 file"],
  ["ARROW1", "an Arrow file"],
  ["FEA1", "a Feather file"],
  ["CDF\x01", "a NetCDF file"],
  ["CDF\x02", "a NetCDF file"],
  ["MATLAB 5.0 MAT-file", "a MATLAB file"],
  ["SQLite format 3\0", "an SQLite data base"],
  ["RDX", "an R file"],
  ["\x1f\x8b", "a gzip file"],
  ["BZh", "a bzip2 file"],
  ["\xfd7zXZ\0", "an xz file"],
  ["\x28\xb5\x2f\xfd", "a zstd file"],
  ["7z\xbc\xaf\x27\x1c", "a 7z file"],
  ["\x80\x02", "a pickle of Python"],
  ["\x80\x03", "a pickle of Python"],
  ["\x80\x04", "a pickle of Python"],
  ["\x80\x05", "a pickle of Python"],
  ["\x7fELF", "a program"],
  ["MZ\x90\0", "a program"],
  ["\0asm", "a WebAssembly module"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"],
  ["%%MatrixMarket", "a Matrix Market file"],
  ["ply\n", "a PLY file"],
  ["ply\r\n", "a PLY file"],
  ["solid ", "an STL file"],
  ["# vtk DataFile", "a VTK file"],
  ["<", "XML or HTML"],
  ["{", "JSON"],
  ["[", "JSON"],
];

/** Gzip, bzip2 and the like need only be unpacked. */
const packed = /gzip|bzip2|xz|zstd|7z/;

/**
 * The format of a file by its content; "text" for what is none of the others.
 * @param bytes all of it, or the beginning
 */
export function kindOfContent(bytes: Uint8Array): ContentKind {
  const start = latin1(bytes.subarray(0, 64));
  if (start.startsWith("\x93NUMPY")) return "npy";
  if (start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06")) return "npz";
  // DIPHA's magic is the 64-bit number 8067171840.
  if (start.startsWith("\0\x46\xd7\xe0\x01\0\0\0")) return "dipha";
  if (
    bytes.length >= 8 &&
    bytes[0] === 0 &&
    bytes[1] === 0 &&
    idxTypes.includes(bytes[2]!) &&
    (bytes[3]! - 1) >>> 0 < 8
  )
    return "idx";
  if (/^(\u00ef\u00bb\u00bf)?\s*(ST)?C?N?4?n?OFF\s/.test(start)) return "off";
  return "text";
}

/** Types of numbers an IDX file may hold. */
const idxTypes = [8, 9, 11, 12, 13, 14];

/**
 * The name of a format that is known by its first bytes and not read here; undefined for anything else.
 * @param least how many bytes must tell: binary numbers may begin with any one or two
 */
export function strangerByName(bytes: Uint8Array, least = 1): string | undefined {
  const start = latin1(bytes.subarray(0, 64)).replace(/^\u00ef\u00bb\u00bf/, "");
  const known = strangers.find(([magic]) => magic.length >= least && start.startsWith(magic))?.[1];
  if (known !== undefined) return known;
  // Safetensors begins with the length of its JSON header.
  if (start.slice(3, 10) === '\0\0\0\0\0{"') return "a safetensors file";
  return undefined;
}

/**
 * Refuses what is no text, and never repeats it.
 * @throws DataFormatError that names the format where it is known
 */
export function refuseBinary(bytes: Uint8Array, path: string): void {
  const name = strangerByName(bytes) ?? binaryInWords(bytes);
  if (name === undefined) return;
  throw new DataFormatError(expected("points or distances as text or in a binary format of --format", path, name), {
    path,
    offset: 0,
    hint: packed.test(name)
      ? "Unpack it first."
      : name.includes("UTF-16")
        ? "Save it as UTF-8."
        : "Convert it first: to text with one row a line, or with numpy.save.",
  });
}

/** Words for bytes that cannot be text: a zero among them, or many control characters at the beginning. */
function binaryInWords(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, 65536);
  let control = 0;
  for (const byte of start) if ((byte < 32 && (byte < 9 || byte > 13)) || byte === 127) control++;
  if (bytes.indexOf(0) < 0) return 20 * control > start.length ? "binary data" : undefined;
  let odd = 0;
  let even = 0;
  for (let i = 0; i < start.length; i++)
    if (start[i] === 0)
      if (i % 2 === 0) even++;
      else odd++;
  const half = Math.floor(start.length / 2);
  return half > 0 && Math.max(odd, even) > 0.9 * half && Math.min(odd, even) === 0 ? "text in UTF-16" : "binary data";
}

/**
 * Text in UTF-8, without byte order mark; UTF-16 with one is converted.
 * @throws DataFormatError for what is no text, or holds white space only
 */
export function textOf(bytes: Uint8Array, path: string): Uint8Array {
  let text = bytes;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    const units = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
    text = Buffer.from((bytes[0] === 0xfe ? units.swap16() : units).toString("utf16le"), "utf8");
  } else if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) text = bytes.subarray(3);
  refuseBinary(text, path);
  if (!text.some((byte) => byte > 32))
    throw new DataFormatError(
      expected("at least one number", path, text.length === 0 ? "an empty file" : "an empty file (white space only)"),
      { path, offset: 1, hint: "Check that this is the right file." },
    );
  return text;
}

/** @throws DataFormatError for text where float32 numbers are expected: four letters make one, too */
export function refuseText(bytes: Uint8Array, path: string): void {
  if (bytes.length < 16) return;
  for (const byte of bytes.subarray(0, 256)) if (!((byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13))) return;
  throw new DataFormatError(expected("Ripser's binary triangle", path, "text"), {
    path,
    offset: 0,
    hint: "Say what the text holds, for instance --format lower-distance.",
  });
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
