/** Data that a program hands over, compared with what they say of themselves. */
import { ConfigError, expected, InputError } from "../errors.js";
import { isRecord } from "../options.js";
import { type Dataset, datasetDigest, type PointSet } from "./dataset.js";

/**
 * Checks that a data set is what it says: sizes, labels, finite numbers, and its digest, which reports name. Cost:
 * proportional to the number of coordinates.
 * @throws ConfigError for something else than a data set, InputError where it contradicts itself
 */
export function checkDataset(data: Dataset): void {
  if (!isRecord(data) || !isRecord(data.train) || !isRecord(data.test))
    throw new ConfigError(expected("a data set as loadDataset gives it", "data", data), {
      hint: "Use for instance await loadDataset({ dataset: 'digits' }).",
    });
  checkPoints(data.train, "data.train", data);
  checkPoints(data.test, "data.test", data);
  const digest = datasetDigest(data.train, data.test);
  if (data.digest !== digest)
    throw contradiction(`${digest}, the SHA-256 of its numbers and labels,`, "data.digest", data.digest);
}

function checkPoints(set: PointSet, name: string, { features, classes }: Dataset): void {
  const { data, labels, shape } = set;
  if (!(data instanceof Uint8Array || data instanceof Float32Array))
    throw contradiction("a Uint8Array or a Float32Array", `${name}.data`, typeof data);
  if (!(labels instanceof Uint8Array)) throw contradiction("a Uint8Array", `${name}.labels`, typeof labels);
  if (!Array.isArray(shape) || shape.length !== 2 || shape[1] !== features || shape[0] * shape[1] !== data.length)
    throw contradiction(`the shape of ${data.length} numbers, ${features} a point,`, `${name}.shape`, shape);
  if (labels.length !== shape[0])
    throw contradiction(`${shape[0]} labels, one a point,`, `${name}.labels`, labels.length);
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) throw contradiction(`a class from 0 to ${classes - 1}`, `${name}.labels[${wrong}]`, labels[wrong]);
  const bad = data instanceof Float32Array ? data.findIndex((value) => !Number.isFinite(value)) : -1;
  if (bad >= 0) throw contradiction("a finite number", `${name}.data[${bad}]`, data[bad]);
}

function contradiction(what: string, name: string, got: unknown): InputError {
  return new InputError(expected(what, name, got), { hint: "Pass a data set as loadDataset gives it." });
}
