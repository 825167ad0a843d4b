/** The config of a study from the command line. */
import { ConfigError, expected } from "../errors.js";
import { parseWidths, type SweepWidth } from "../network/architecture.js";
import { type ConfigOverrides, presetWords, resolveConfig, type StudyConfig } from "../study/config.js";
import { readJsonObject } from "./json-file.js";
import { integer, list } from "./options.js";
import { type TrainingOptions, trainingFields } from "./training-fields.js";

/** The options of `bettina study` that say what it does. */
export interface StudyConfigOptions extends TrainingOptions {
  readonly preset?: string;
  readonly dataset?: StudyConfig["dataset"];
  /** As given: one network a comma. */
  readonly widths?: string;
  readonly layers?: number;
  readonly activations?: StudyConfig["activations"][number][];
  readonly seeds?: number[];
  readonly seed?: number;
  readonly perClass?: number | "all";
  readonly subsamples?: number;
  readonly classes?: number[];
  readonly controls?: StudyConfig["controls"][number][];
  readonly readouts?: string[];
  readonly decideBy?: string;
  readonly order?: StudyConfig["decision"]["order"];
  readonly maxDim?: number;
  readonly config?: string;
}

/** The preset, then the fields of `--config`, then the options. */
export async function studyConfig(options: StudyConfigOptions, signal: AbortSignal): Promise<StudyConfig> {
  const { preset, ...fields } =
    options.config === undefined ? { preset: undefined } : await readConfig(options.config, signal);
  if (preset !== undefined && typeof preset !== "string")
    throw new ConfigError(expected(presetWords, "preset", preset), {
      hint: `Use --preset ${presetWords}.`,
    });
  const base = options.preset ?? preset ?? "quick";
  const given = fields as ConfigOverrides;
  const overrides: Record<string, unknown> = {
    ...given,
    dataset: options.dataset ?? given.dataset,
    widths: options.widths === undefined ? given.widths : sweepWidths("--widths", options.widths),
    hiddenLayers: options.layers ?? given.hiddenLayers,
    activations: options.activations ?? given.activations,
    seeds: options.seeds ?? given.seeds,
    seed: options.seed ?? given.seed,
    classes: options.classes ?? given.classes,
    controls: options.controls ?? given.controls,
    readouts: options.readouts ?? given.readouts,
    sampling: inner(given.sampling, { perClass: options.perClass, subsamples: options.subsamples }),
    training: inner(given.training, trainingFields(options)),
    homology: inner(given.homology, { maxDim: options.maxDim }),
    decision: inner(given.decision, { readout: options.decideBy, order: options.order }),
  };
  return resolveConfig(base, overrides as ConfigOverrides);
}

/** Networks of a sweep separated by commas: one width, or the hidden layers one by one as in `64-32-16`. */
function sweepWidths(name: string, text: string): SweepWidth[] {
  const read = integer(name, 1);
  const hint = `Use for instance ${name} 64-32-16,8.`;
  return list(text).map((item) => (/^\d+-/.test(item) ? parseWidths(item, hint).join("-") : read(item)));
}

/** An inner object of the file with the options that were given; the file's own value, right or wrong, without any. */
function inner(given: unknown, options: object): unknown {
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  const wrong = given !== undefined && (typeof given !== "object" || given === null || Array.isArray(given));
  return said.length === 0 || wrong ? given : { ...(given as object | undefined), ...Object.fromEntries(said) };
}

async function readConfig(path: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const object = await readJsonObject("--config", path, "Give a JSON object with fields of a study's config.", signal);
  // The config.json of a study's folder keeps the config beside its digest.
  return typeof object.digest === "string" && typeof object.config === "object" && object.config !== null
    ? (object.config as Record<string, unknown>)
    : object;
}
