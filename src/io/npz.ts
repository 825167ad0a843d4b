/**
 * NumPy's .npz files: zip archives of .npy arrays, stored or deflated (PKWARE's application note, APPNOTE.TXT). The list at
 * the end of the archive says where each array is; archives of more than 4 GiB are refused.
 */
import { crc32, inflateRawSync } from "node:zlib";
import { ConfigError, expected } from "../errors.js";
import { broken, cutOff } from "./broken.js";
import { type NpyArray, parseNpy } from "./npy.js";

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

const GIB = 1024 ** 3;

/**
 * One array of a .npz file.
 * @param options.array its name; may be left out where there is one only
 * @throws DataFormatError for a zip archive without arrays, a damaged one, or several arrays of which none is named
 * @throws ConfigError for the name of an array that is not there
 */
export function parseNpz(
  bytes: Uint8Array,
  { path, array }: { readonly path: string; readonly array?: string | undefined },
): NpyArray {
  const arrays = entriesOf(bytes, path).filter(({ name }) => name.endsWith(".npy"));
  const names = arrays.map(({ name }) => name.slice(0, -4));
  if (arrays.length === 0)
    throw broken(path, 0, "points or distances", "the content", "a zip file without .npy arrays", "Unpack it first.");
  if (array === undefined && arrays.length > 1)
    throw broken(
      path,
      0,
      "one array",
      "the content",
      arrays.length,
      `Choose by --array: ${names.slice(0, 20).join(", ")}.`,
    );
  const entry = array === undefined ? arrays[0] : arrays[names.indexOf(array)];
  if (entry === undefined)
    throw new ConfigError(expected(`one of the ${names.length} arrays of ${path}`, "--array", array), {
      hint: `Take one of ${names.slice(0, 20).join(", ")}.`,
    });
  return parseNpy(contentOf(bytes, entry, path), { path: `${entry.name} in ${path}` });
}

/** The archive's list of contents. */
function entriesOf(bytes: Uint8Array, path: string): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The end record has 22 bytes and a comment of at most 65,535.
  let end = bytes.length - 22;
  while (end >= Math.max(0, bytes.length - 22 - 65535) && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50)
    throw broken(path, bytes.length, "a list of contents", "the end of the zip file", "none", cutOff);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50)
      throw broken(path, at, `entry ${i + 1} of ${count}`, "the list of contents of the zip file", "none", cutOff);
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    entries.push({
      name: Buffer.from(bytes.subarray(at + 46, at + 46 + nameLength)).toString("utf8"),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

function contentOf(bytes: Uint8Array, { name, method, flags, crc, packed, size, at }: Entry, path: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (packed === 0xffffffff || size === 0xffffffff || at === 0xffffffff || size > 2 * GIB)
    throw broken(path, at, "an array of at most 2 GiB", name, "a larger one", "Save it alone, as .npy.");
  if (flags & 1) throw broken(path, at, "no password", name, "one", "Unpack it first.");
  if (at + 30 > bytes.length || view.getUint32(at, true) !== 0x04034b50)
    throw broken(path, at, "an entry", `${name} at byte ${at}`, "none", cutOff);
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + packed > bytes.length)
    throw broken(path, bytes.length, `${packed} bytes`, name, bytes.length - start, cutOff);
  const stored = bytes.subarray(start, start + packed);
  let content: Uint8Array = stored;
  if (method === 8) {
    try {
      // One byte more than said would be one too many.
      const inflated = inflateRawSync(stored, { maxOutputLength: size + 1 });
      content = new Uint8Array(inflated.buffer, inflated.byteOffset, inflated.byteLength);
    } catch (cause) {
      const error = broken(path, start, "deflated data", name, "damaged data", "Copy it again.");
      error.cause = cause;
      throw error;
    }
  } else if (method !== 0)
    throw broken(path, at, "stored or deflated data", name, `method ${method}`, "Unpack it first.");
  if (content.length !== size || crc32(content) !== crc)
    throw broken(path, start, "the data whose length and check sum it gives", name, "other data", "Copy it again.");
  return content;
}
