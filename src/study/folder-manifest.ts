/**
 * What a folder held when it was finished: the SHA-256 of every file that is a result, and one over the list itself. A
 * file that was emptied, cut, changed, swapped with another or removed later is noticed, whichever it is.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../io/atomic.js";
import { canonicalJson, digestOf } from "./config.js";

/** Which files belong together. The same files give the same bytes. */
export interface FolderManifest {
  readonly format: "bettina-manifest";
  readonly formatVersion: 1;
  /** What the files are of, e.g. the digests of a study's config and data. */
  readonly of: Readonly<Record<string, string>>;
  /** SHA-256, in hexadecimal, of every file by its path below the folder, with `/`, in alphabetical order. */
  readonly files: Readonly<Record<string, string>>;
}

/** A file that is not as it was. */
export interface FileFault {
  /** Path below the folder, with `/`. */
  readonly name: string;
  readonly what: "missing" | "changed";
}

/** A manifest as it was found: whole, or what is wrong with it. */
export type FoundManifest =
  | { readonly manifest: FolderManifest; readonly fault: null }
  | { readonly manifest: null; readonly fault: FileFault };

/** SHA-256 of bytes or of text as UTF-8, in hexadecimal. */
export function bytesDigest(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Writes the manifest of the files as they lie in the folder now; the last thing to be written, for who finds it takes
 * the rest for finished. Cost: every file is read.
 * @throws the system's error for a file that is not there
 */
export async function writeManifest(
  directory: string,
  name: string,
  of: FolderManifest["of"],
  files: Iterable<string>,
): Promise<void> {
  const digests: Record<string, string> = {};
  for (const file of [...files].sort()) digests[file] = bytesDigest(await readFile(join(directory, file)));
  const manifest: FolderManifest = { format: "bettina-manifest", formatVersion: 1, of, files: digests };
  const text = JSON.stringify({ ...manifest, digest: digestOf(manifest) }, null, 2);
  await writeFileAtomic(join(directory, name), `${text}\n`);
}

/** Reads a manifest and checks it against its own digest. */
export async function readManifest(directory: string, name: string): Promise<FoundManifest> {
  const text = await readFile(join(directory, name), "utf8").catch(() => undefined);
  if (text === undefined) return { manifest: null, fault: { name, what: "missing" } };
  try {
    const { digest, ...manifest } = JSON.parse(text) as FolderManifest & { readonly digest?: unknown };
    const { format, formatVersion } = manifest;
    const known = format === "bettina-manifest" && formatVersion === 1;
    // The text too: what parses to the same value may still be a byte that was flipped.
    const same = text === `${JSON.stringify({ ...manifest, digest }, null, 2)}\n`;
    if (known && same && digest === digestOf(manifest)) return { manifest, fault: null };
  } catch {
    // No JSON: changed.
  }
  return { manifest: null, fault: { name, what: "changed" } };
}

/** The files of a manifest that are not as they were. Cost: every file is read. */
export async function faultsOf(directory: string, { files }: FolderManifest): Promise<FileFault[]> {
  const faults: FileFault[] = [];
  for (const [name, digest] of Object.entries(files)) {
    const bytes = await readFile(join(directory, name)).catch(() => undefined);
    if (bytes === undefined) faults.push({ name, what: "missing" });
    else if (bytesDigest(bytes) !== digest) faults.push({ name, what: "changed" });
  }
  return faults;
}

/** The fields of one config that differ from another's: `widths`, `training.steps`. */
export function differingFields(one: object, other: object): string[] {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const [left, right] = [one, other] as Record<string, unknown>[];
  return [...new Set([...Object.keys(left!), ...Object.keys(right!)])].sort().flatMap((key) => {
    const [a, b] = [left![key], right![key]];
    if (isObject(a) && isObject(b)) return differingFields(a, b).map((inner) => `${key}.${inner}`);
    return canonicalJson(a ?? null) === canonicalJson(b ?? null) ? [] : [key];
  });
}
