/** The persistence diagrams a study keeps beside its result, as the report reads them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataFormatError, InputError } from "../errors.js";
import { bytesDigest } from "../study/folder-manifest.js";
import type { CloudDiagrams } from "../study/measure.js";

/** Diagrams of one job: what `diagrams/<job>.json` holds. */
export interface JobDiagrams {
  readonly job: string;
  readonly clouds: readonly CloudDiagrams[];
}

/** Gives the diagrams of a job, or null when the job left none (it failed, or they were not kept). */
export type DiagramsLoader = (job: string) => Promise<JobDiagrams | null>;

/**
 * Reads the diagrams of a study's folder, `diagrams/<job>.json`.
 * @param digests SHA-256 of the folder's files by its manifest; without them the files are believed
 * @throws DataFormatError for a file that is not such JSON
 */
export function diagramsFromFolder(directory: string, digests?: Readonly<Record<string, string>>): DiagramsLoader {
  return async (job) => {
    const name = `diagrams/${job}.json`;
    const path = join(directory, name);
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw new InputError(`Expected a readable file for the diagrams of ${job}, got ${path}.`, { cause });
    }
    if (digests !== undefined && bytesDigest(text) !== digests[name])
      throw new DataFormatError(
        `Expected the diagrams of ${job} as the study wrote them, got changed ones in ${path}.`,
        {
          path,
          hint: "Run the study again: it may be under way.",
        },
      );
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (cause) {
      throw new DataFormatError(`Expected JSON for the diagrams of ${job}, got something else in ${path}.`, {
        path,
        cause,
        hint: "Run the study again.",
      });
    }
    if (!Array.isArray((parsed as Partial<JobDiagrams> | null)?.clouds))
      throw new DataFormatError(`Expected an object with "clouds" for the diagrams of ${job}, got another shape.`, {
        path,
        hint: "Run the study again.",
      });
    return parsed as JobDiagrams;
  };
}
