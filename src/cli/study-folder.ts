/** Reading a finished study from its folder. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataFormatError, InputError } from "../errors.js";
import type { StudyResult } from "../study/result.js";

/**
 * Reads `study.json`.
 * @throws InputError when the folder holds no finished study, DataFormatError when the file is none of bettina's
 */
export async function readStudyFolder(directory: string): Promise<StudyResult> {
  const path = join(directory, "study.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new InputError(`Expected the folder of a finished study, got ${directory} without a readable study.json.`, {
      cause,
      hint: "Name the folder that bettina study printed, or run the study to its end.",
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DataFormatError(`Expected JSON in ${path}, got something else.`, {
      path,
      cause,
      hint: "Run the study again.",
    });
  }
  const { format, formatVersion } = (value ?? {}) as Partial<StudyResult>;
  if (format !== "bettina-study" || formatVersion !== 1)
    throw new DataFormatError(
      `Expected format "bettina-study", version 1, in ${path}, got ${JSON.stringify(format)}, version ${JSON.stringify(formatVersion)}.`,
      { path, hint: "Run the study again with this version." },
    );
  return value as StudyResult;
}
