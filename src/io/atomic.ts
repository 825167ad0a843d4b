/** Files appear whole or not at all. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import writeFile from "write-file-atomic";

/**
 * Writes a file so that a reader, or a crash at any moment, sees either the old content or all of the new: into a
 * temporary name in the same folder, flushed to disk (fsync), then renamed over the final name. Missing parent folders
 * are made. On failure the temporary file is removed and the system's error is thrown.
 * @param data text (written as UTF-8) or bytes
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const content =
    typeof data === "string" || Buffer.isBuffer(data)
      ? data
      : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  await writeFile(path, content, { fsync: true });
}
