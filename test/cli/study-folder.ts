/** A study's folder as a finished run leaves it: a result and the manifest that says so. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeManifest } from "../../src/study/folder-manifest.js";
import { manifestName } from "../../src/study/store.js";

/** Writes `study.json` and the manifest of it. */
export async function writeStudy(directory: string, result: object): Promise<void> {
  await writeFile(join(directory, "study.json"), JSON.stringify(result));
  await writeManifest(directory, manifestName, { config: "c", data: "d" }, ["study.json"]);
}
