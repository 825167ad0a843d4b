/** The persistence diagrams a study keeps beside its result, as the report reads them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataFormatError, InputError } from "../errors.js";
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
 * @throws DataFormatError for a file that is not such JSON
 */
export function diagramsFromFolder(directory: string): DiagramsLoader {
  return async (job) => {
    const path = join(directory, "diagrams", `${job}.json`);
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw new InputError(`Expected a readable file for the diagrams of ${job}, got ${path}.`, { cause });
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (cause) {
      throw new DataFormatError(`Expected JSON for the diagrams of ${job}, got something else in ${path}.`, {
        path,
        cause,
        hint: "Run the study again with --resume.",
      });
    }
    if (!Array.isArray((parsed as Partial<JobDiagrams> | null)?.clouds))
      throw new DataFormatError(`Expected an object with "clouds" for the diagrams of ${job}, got another shape.`, {
        path,
        hint: "Run the study again with --resume.",
      });
    return parsed as JobDiagrams;
  };
}
