/** Reading a finished study from its folder. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataFormatError, expected, InputError } from "../errors.js";
import { printable } from "../printable.js";
import { bytesDigest, faultsOf, readManifest } from "../study/folder-manifest.js";
import type { StudyResult } from "../study/result.js";
import { resultSchema } from "../study/result-schema.js";
import { manifestName } from "../study/store.js";

/** A study as its folder holds it, every file of it whole. */
export interface StudyFolder {
  readonly result: StudyResult;
  /** SHA-256 of every file, by its path below the folder. */
  readonly digests: Readonly<Record<string, string>>;
}

/**
 * Reads `study.json`, after every file of the folder was compared with the folder's manifest. Cost: every file is read.
 * @throws InputError when the folder holds no finished study, DataFormatError, with the file, when a file is missing, was
 *   changed, or is none of this version's
 */
export async function readStudyFolder(directory: string): Promise<StudyFolder> {
  const path = join(directory, "study.json");
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => error);
  const { manifest, fault } = await readManifest(directory, manifestName);
  if (bytes instanceof Error && (manifest === null || bytes.code !== "ENOENT"))
    throw new InputError(expected("a folder with a readable study.json", "the study", directory), {
      cause: bytes,
      hint: "Name the folder that bettina study printed, or run the study to its end.",
    });
  if (manifest === null && fault.what === "missing")
    throw new DataFormatError(expected(`a folder with a ${manifestName}`, "the study", directory), {
      path: join(directory, manifestName),
      hint: `The study was not finished, or an older version made it. ${again(directory, fault.name)}`,
    });
  // The rest of the list says more than the first: one file that was changed, or a whole folder mixed up.
  const faults = manifest === null ? [fault] : await faultsOf(directory, manifest);
  const read = bytes instanceof Error ? undefined : bytesDigest(bytes);
  if (faults.length === 0 && read !== manifest!.files["study.json"])
    faults.push({ name: "study.json", what: "changed" });
  const [first] = faults;
  if (first) {
    const others = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
    throw new DataFormatError(
      expected("the files of the study as they were written", "the study", directory).slice(0, -1) +
        ` (${printable(first.name)} ${first.what === "missing" ? "is missing" : "was changed"}${others}).`,
      { path: join(directory, first.name), hint: again(directory, first.name) },
    );
  }
  const value: unknown = JSON.parse(`${bytes}`, (_, held: unknown) =>
    typeof held === "string" ? printable(held) : held,
  );
  const parsed = resultSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const { format, formatVersion } = (value ?? {}) as Partial<StudyResult>;
    const got = `${format ?? "none"}, version ${formatVersion ?? "none"}: ${issue!.path.join(".")}: ${issue!.message}`;
    throw new DataFormatError(expected("a study of this version", path, got), {
      path,
      hint: "Read it by the version that wrote it, or run the study again with this one.",
    });
  }
  return { result: value as StudyResult, digests: manifest!.files };
}

/** What makes a damaged folder whole. */
function again(directory: string, damaged: string): string {
  const folder = printable(directory);
  return damaged === "config.json"
    ? `Run bettina study again with the study's options and --out ${folder}: what is damaged is made anew.`
    : `Run bettina study --config ${folder}/config.json --out ${folder}: what is damaged is made anew.`;
}
