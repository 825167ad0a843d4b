/** Reading a finished study from its folder. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataFormatError, expected, InputError } from "../errors.js";
import { printable } from "../printable.js";
import { checkConfig } from "../study/config.js";
import type { StudyResult } from "../study/result.js";
import { upgradeStudy } from "../study/upgrade.js";

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
    throw new InputError(expected("a folder with a readable study.json", "the study", directory), {
      cause,
      hint: "Name the folder that bettina study printed, or run the study to its end.",
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text, (_, held: unknown) => (typeof held === "string" ? printable(held) : held));
  } catch (cause) {
    throw new DataFormatError(expected("JSON", path, text.slice(0, 60)), {
      path,
      cause,
      hint: "Run the study again.",
    });
  }
  const current = upgradeStudy(value);
  const { format, formatVersion } = (current ?? {}) as Partial<StudyResult>;
  if (format !== "bettina-study" || formatVersion !== 3)
    throw new DataFormatError(
      expected('format "bettina-study", version 3,', path, `${format ?? "none"}, version ${formatVersion ?? "none"}`),
      { path, hint: "Run the study again with this version." },
    );
  checkFields(current as Record<string, unknown>, path);
  return current as StudyResult;
}

/** A file that was changed by hand should be named, not trip over. What lies deeper is trusted. */
function checkFields(held: Record<string, unknown>, path: string): void {
  for (const [name, isRight, what] of fields)
    if (!isRight(held[name]))
      throw new DataFormatError(expected(what, `${name} in ${path}`, held[name]), {
        path,
        hint: "The file was changed: run the study again.",
      });
  try {
    checkConfig(held.config);
  } catch (cause) {
    throw new DataFormatError(expected("the config of a study", `config in ${path}`, held.config), {
      path,
      cause,
      hint: "The file was changed: run the study again.",
    });
  }
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const isListOfObjects = (value: unknown) => Array.isArray(value) && value.every(isObject);
const objects = ["versions", "config", "dataset", "backend", "statistics", "recommendation"] as const;
const lists = ["samples", "networks", "measurements", "bounds", "comparisons", "enclosures", "failures"] as const;
const fields = [
  ...objects.map((name) => [name, isObject, "an object"] as const),
  ...lists.map((name) => [name, isListOfObjects, "a list of objects"] as const),
];
