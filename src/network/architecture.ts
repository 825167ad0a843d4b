/** Layer sizes: reading them from text, checking them, counting what they hold. */
import { ConfigError, expected } from "../errors.js";

/** A network by its layer sizes and the function between them; `layerBounds` takes it as it is. */
export interface Architecture {
  /** Layer sizes from the input to the output; at least two. */
  readonly widths: number[];
  /** Name of the activation with its parameters; which names are known is for the reader of this value to say. */
  readonly activation: string;
  /** The last layer is affine: the hidden layers alone end in the activation. */
  readonly outputActivation: "linear";
}

/** Where batch norm stands in a hidden layer; see `NetworkSpec.batchNorm`. */
export type BatchNormPlacement = "none" | "after-activation" | "around-activation";

const example = "Write layer sizes and an activation, for instance 784-64-64-10:square.";

/**
 * Reads an architecture such as `784-64-64-10:square`: layer sizes from the input to the output, a colon, the activation
 * of the hidden layers with its parameters, as in `784-32-10:leaky-relu:0.1`. The last layer is affine. The part of the
 * grammar of `parseModularNetwork` (bettina/bounds) that can be trained.
 * @throws ConfigError when a size is not a positive integer, fewer than two are given, or the activation is missing
 */
export function parseArchitecture(text: string): Architecture {
  const match = typeof text === "string" && /^([^:]*):([a-z][a-z0-9-]*(?::[-+0-9.,e]+)?)$/.exec(text.trim());
  if (!match)
    throw new ConfigError(expected("layer sizes, a colon and an activation", "architecture", text), { hint: example });
  const widths = parseWidths(match[1]!);
  checkWidths(widths);
  return { widths, activation: match[2]!, outputActivation: "linear" };
}

/**
 * Reads layer sizes such as `64-32-16`, one or more.
 * @param hint what to do when one is wrong
 * @throws ConfigError when one is not a positive integer
 */
export function parseWidths(text: string, hint = example): number[] {
  return text.split("-").map((part) => {
    const size = /^[0-9]+$/.test(part) ? Number(part) : Number.NaN;
    if (!Number.isSafeInteger(size) || size < 1)
      throw new ConfigError(expected("a positive integer", "layer size", part), { hint });
    return size;
  });
}

/**
 * Checks layer sizes: at least an input and one layer, every size a positive integer.
 * @throws ConfigError
 */
export function checkWidths(widths: readonly number[]): void {
  if (!Array.isArray(widths) || widths.length < 2)
    throw new ConfigError(expected("at least two layer sizes", "widths", widths), { hint: example });
  for (const width of widths)
    if (!Number.isSafeInteger(width) || width < 1)
      throw new ConfigError(expected("a positive integer", "layer size", width), { hint: example });
}

/**
 * The hidden layers of one network of a sweep, which names it: the width that all of them share, where they are as many
 * as the sweep's `hiddenLayers`; else every width from the input on, as in `64-32-16`.
 */
export type SweepWidth = number | string;

/**
 * The widths of the hidden layers of one network of a sweep.
 * @param hiddenLayers how many there are where they share one width
 */
export function hiddenWidths(width: SweepWidth, hiddenLayers: number): number[] {
  if (typeof width === "string") return parseWidths(width);
  if (!Number.isSafeInteger(hiddenLayers) || hiddenLayers < 0)
    throw new ConfigError(expected("a non-negative integer", "hidden layers", hiddenLayers));
  return new Array<number>(hiddenLayers).fill(width);
}

/** The widths that occur among the hidden layers of one network of a sweep, from the input on, each once. */
export function differentWidths(width: SweepWidth): number[] {
  return typeof width === "number" ? [width] : [...new Set(parseWidths(width))];
}

/** The width of one hidden layer, counted from 1; undefined where the network is not as deep. */
export function layerWidth(width: SweepWidth, layer: number): number | undefined {
  return typeof width === "number" ? width : parseWidths(width)[layer - 1];
}

/** The width of the narrowest hidden layer. */
export function narrowestWidth(width: SweepWidth): number {
  return Math.min(...differentWidths(width));
}

/** What names hidden layers of these widths in a sweep; see {@link SweepWidth}. */
export function sweepWidthOf(hidden: readonly number[], hiddenLayers: number): SweepWidth {
  const even = hidden.length === hiddenLayers && hidden.every((width) => width === hidden[0]);
  return even ? hidden[0]! : hidden.join("-");
}

/** Layer sizes of one network of a sweep, input and output included. */
export function sweepWidths(input: number, width: SweepWidth, hiddenLayers: number, classes: number): number[] {
  const widths = [input, ...hiddenWidths(width, hiddenLayers), classes];
  checkWidths(widths);
  return widths;
}

/**
 * The number of trained numbers: kernel and bias of every layer, and scale and shift of every batch norm (one a hidden
 * layer for `after-activation`, two for `around-activation`).
 * @param widths layer sizes, input and output included
 */
export function parameterCount(widths: readonly number[], batchNorm: BatchNormPlacement = "none"): number {
  checkWidths(widths);
  if (!["none", "after-activation", "around-activation"].includes(batchNorm))
    throw new ConfigError(expected("none, after-activation or around-activation", "batchNorm", batchNorm), {
      hint: "Leave it out for none.",
    });
  const norms = batchNorm === "none" ? 0 : batchNorm === "after-activation" ? 1 : 2;
  let count = 0;
  for (let layer = 1; layer < widths.length; layer++) {
    count += (widths[layer - 1]! + 1) * widths[layer]!;
    if (layer < widths.length - 1) count += 2 * norms * widths[layer]!;
  }
  return count;
}
