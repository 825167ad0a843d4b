/** Files appear whole or not at all. */
import { access, constants, mkdir, rm, stat, writeFile as writeInPlace } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFile from "write-file-atomic";
import { ConfigError, expected, ResourceError } from "../errors.js";

/**
 * Writes a file so that a reader, or a crash at any moment, sees either the old content or all of the new: into a
 * temporary name in the same folder, flushed to disk (fsync), then renamed over the final name. Missing parent folders
 * are made. On failure the temporary file is removed. A device or a pipe is written to, never replaced.
 * @param data text (written as UTF-8) or bytes
 * @throws ConfigError when nothing can be written there (a folder, a file as parent, no permission), ResourceError when
 *   the disk is full
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const content =
    typeof data === "string" || Buffer.isBuffer(data)
      ? data
      : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  try {
    await makeFolder(dirname(path));
    const held = await stat(path).catch(() => undefined);
    if (path === "" || held?.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    // Renaming over /dev/stdout would take it away from everyone.
    if (held && !held.isFile()) await writeInPlace(path, content);
    // The library would write once and not look how much: on a disk that is almost full that leaves half a file.
    else await writeFile(path, "", { fsync: true, tmpfileCreated: (temporary) => writeInPlace(temporary, content) });
  } catch (error) {
    throw writeError(path, error);
  }
}

/**
 * Makes sure, before any work, that a file can be written: by writing an empty one with another name into its folder, or
 * into the nearest folder above that is there, and removing it.
 * @throws as {@link writeFileAtomic}
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    const held = await stat(path).catch(() => undefined);
    if (path === "" || held?.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    if (held && !held.isFile()) return await access(path, constants.W_OK);
    let folder = dirname(path);
    for (;;) {
      const there = await stat(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" && dirname(folder) !== folder) return undefined;
        throw error;
      });
      if (there?.isDirectory()) break;
      if (there) throw Object.assign(new Error("it is a file"), { code: "ENOTDIR" });
      folder = dirname(folder);
    }
    const trial = join(folder, `.bettina-${process.pid}-${trials++}.tmp`);
    await writeInPlace(trial, "", { flag: "wx" });
    await rm(trial);
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Number of files tried so far: no two have one name. */
let trials = 0;

/**
 * Makes a folder and those above it. Node's own way never ends where a folder that is there takes no new ones and says
 * that it is missing, as /proc does.
 * @throws the error of the system
 */
export async function makeFolder(path: string): Promise<void> {
  const attempt = (): Promise<unknown> =>
    mkdir(path).catch(async (error: unknown) => {
      const there = await stat(path).catch(() => undefined);
      if (!there?.isDirectory()) throw error;
    });
  try {
    await attempt();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await attempt();
  }
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: "it is a folder",
  ENOTDIR: "a file stands where a folder is needed",
  EEXIST: "a file stands where a folder is needed",
  ENOENT: "no file can be made there",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "the disk is read-only",
  ENAMETOOLONG: "the name is too long",
  EINVAL: "no file can be made there",
};

/** Turns a system error about writing below `path` into a ConfigError or a ResourceError; others pass unchanged. */
export function writeError(path: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? "";
  if (["ENOSPC", "EDQUOT", "EFBIG"].includes(code))
    return new ResourceError(`${expected("room on the disk", "output", path).slice(0, -1)} (${code}).`, {
      hint: "Free some space, or name another place.",
      cause,
    });
  const reason = reasons[code];
  if (reason === undefined) return cause;
  return new ConfigError(`${expected("a place that can be written", "output", path).slice(0, -1)} (${reason}).`, {
    hint: "Name another place.",
    cause,
  });
}
