/**
 * Networks written in one line, module by module:
 *
 *     784-64-64-10:square                         dense layers with the activation after the colon, the last one affine
 *     784-64@tanh-32-10:relu                      a layer with an activation of its own
 *     784-64-64@square:square                     a last layer that ends in an activation says so
 *     28x28x1-conv3x3x8-pool2-conv3x3x16-pool2-10:relu   height × width × channels; convolutions, max-pooling
 *     64-32-[32-32]-10:relu                       a residual block: its input is added to its output
 *
 * conv<h>x<w>x<channels>[s<stride>][p<padding>], pool<w>[s<stride>] (max), avgpool<w>[s<stride>], a width for a dense
 * layer, `@<activation>` behind a dense layer or convolution, `@maxout<w>` for a maximum of w affine maps a unit. Pooling
 * moves by its own width unless told otherwise. The first part is the input, the last the output: a dense layer or
 * convolution there is affine unless an activation stands behind it, as in the networks that `parseArchitecture` reads.
 * A maximum of one is an affine map, or a choice of inputs, and is read as that.
 */

import { ConfigError, expected } from "../errors.js";
import { aSize, aText, fields, listOf, orNull } from "../shape.js";
import { ACTIVATION_NAMES, type ActivationClass, classifyActivation } from "./activation.js";
import { convolutionRank } from "./convolution-rank.js";

/** One module of a network. Sizes are those of its output; `rank` bounds the rank of its affine map. */
export type ArchitectureModule =
  | {
      /** An affine map, dense or a convolution, then an activation. */
      readonly kind: "layer";
      /** As written, e.g. `conv3x3x8`. */
      readonly text: string;
      readonly inputs: number;
      readonly outputs: number;
      readonly rank: number;
      /** Trained numbers: weights and biases. */
      readonly parameters: number;
      readonly activation: string;
    }
  /** The maximum of `window` affine maps a unit. */
  | {
      readonly kind: "maxout";
      readonly text: string;
      readonly inputs: number;
      readonly outputs: number;
      readonly window: number;
      readonly parameters: number;
    }
  | {
      readonly kind: "max-pool";
      readonly text: string;
      readonly inputs: number;
      readonly outputs: number;
      /** Inputs a unit looks at. */
      readonly window: number;
    }
  /** Linear, as is max-pooling over windows of one: part of the affine map that follows. */
  | { readonly kind: "average-pool"; readonly text: string; readonly inputs: number; readonly outputs: number }
  /** y = x + block(x). */
  | {
      readonly kind: "residual";
      readonly text: string;
      readonly inputs: number;
      readonly outputs: number;
      readonly block: readonly ArchitectureModule[];
    };

/** A network by its modules. */
export interface ModularNetwork {
  readonly inputDimension: number;
  readonly modules: readonly ArchitectureModule[];
  /**
   * Set when all modules are dense layers with one activation but for the last, which may be affine: what `layerBounds`
   * and `carryBounds` take. `widths` runs from the input to the output, `outputActivation` is `linear` or the activation.
   */
  readonly plain: {
    readonly widths: number[];
    readonly activation: string;
    readonly outputActivation: string;
  } | null;
  /** Trained numbers of all modules. */
  readonly parameters: number;
}

const example = "Write for instance 784-64-64-10:square or 28x28x1-conv3x3x8-pool2-10:relu.";

const pooling = /^(avg|max)?pool(\d+)(?:s(\d+))?$/;

/** Size of a signal: planes for convolutions, else numbers. */
type Signal =
  | { readonly height: number; readonly width: number; readonly channels: number }
  | { readonly size: number };

/** @throws ConfigError for what is no network of modules */
export const networkShape = fields({
  inputDimension: aSize,
  modules: listOf(fields({ kind: aText })),
  plain: orNull(fields({ widths: listOf(aSize), activation: aText })),
});

/**
 * Reads an architecture; see the head of this file.
 * @throws ConfigError that names the part: a size of 0, an unknown module or activation, sizes that do not fit
 */
export function parseModularNetwork(text: string): ModularNetwork {
  aText(text, "architecture");
  const [, body, activation] = /^(.+?):([a-z][a-z0-9-]*(?::\d+)?)$/i.exec(text.trim()) ?? [];
  if (body === undefined || activation === undefined)
    throw new ConfigError(expected("layer sizes, a colon and an activation", "architecture", text), { hint: example });
  const usual = activationName(activation);
  const parts = split(body, text);
  const [first, ...rest] = parts;
  const input = readInput(first!);
  if (rest.length === 0)
    throw new ConfigError(expected("at least two layer sizes", "architecture", text), { hint: example });
  const output = rest.at(-1)!;
  const affine = output.activation === null && output.block === null && !pooling.test(output.text);
  const named = affine ? [...rest.slice(0, -1), { ...output, activation: "linear" }] : rest;
  const { modules } = readModules(named, input, usual);
  const inputDimension = sizeOf(input);
  const parameters = modules.reduce((sum, module) => sum + parametersOf(module), 0);
  return { inputDimension, modules, plain: plainOf(inputDimension, modules, usual), parameters };
}

/** A name `classifyActivation` knows; `polynomial:3` and `polynomial-3` are the same. */
function activationName(text: string): string {
  const name = text.toLowerCase().replace(/^polynomial[:-]/, "polynomial-");
  classifyActivation(name); // for its complaint
  return name;
}

type Part = { readonly text: string; readonly activation: string | null; readonly block: Part[] | null };

/** The parts between hyphens; activations may hold hyphens, blocks hold parts. */
function split(body: string, whole: string): Part[] {
  const names = [...ACTIVATION_NAMES].sort((one, other) => other.length - one.length).join("|");
  const token = new RegExp(
    `^([^-@\\[\\]]+)(?:@(${names}|polynomial[:-]\\d+|maxout\\d+|[^-\\[\\]]*))?(?=$|[-\\]])`,
    "i",
  );
  let rest = body;
  const broken = () =>
    new ConfigError(expected("parts separated by hyphens", "architecture", whole), { hint: example });
  const read = (inBlock: boolean): Part[] => {
    const parts: Part[] = [];
    for (;;) {
      if (rest.startsWith("[")) {
        rest = rest.slice(1);
        const block = read(true);
        if (!rest.startsWith("]")) throw broken();
        rest = rest.slice(1);
        parts.push({ text: "block", activation: null, block });
      } else {
        const match = token.exec(rest);
        if (!match) throw broken();
        rest = rest.slice(match[0].length);
        parts.push({ text: match[1]!, activation: match[2] ?? null, block: null });
      }
      if (rest.startsWith("-")) rest = rest.slice(1);
      else if (rest === "" || (inBlock && rest.startsWith("]"))) return parts;
      else throw broken();
    }
  };
  const parts = read(false);
  if (rest !== "") throw broken();
  return parts;
}

function readInput({ text, activation, block }: Part): Signal {
  if (block || activation !== null)
    throw new ConfigError(expected("the size of the input first", "architecture", text), { hint: example });
  const planes = /^(\d+)x(\d+)x(\d+)$/.exec(text);
  if (!planes) return { size: size(text, "layer size") };
  const [height, width, channels] = planes.slice(1).map((part) => size(part, "input size")) as [number, number, number];
  return { height, width, channels };
}

function readModules(parts: readonly Part[], input: Signal, usual: string) {
  const modules: ArchitectureModule[] = [];
  let signal = input;
  for (const part of parts) {
    if (part.block) {
      const { modules: block, signal: after } = readModules(part.block, signal, usual);
      const inputs = sizeOf(signal);
      if (sizeOf(after) !== inputs)
        throw new ConfigError(
          expected(`an output of ${inputs} numbers, as many as its input,`, "residual block", sizeOf(after)),
          {
            hint: "The block's input is added to its output.",
          },
        );
      modules.push({
        kind: "residual",
        text: `[${block.map(({ text }) => text).join("-")}]`,
        inputs,
        outputs: inputs,
        block,
      });
      continue;
    }
    const read = readModule(part, signal, usual);
    modules.push(read.module);
    signal = read.signal;
  }
  return { modules, signal };
}

function readModule(
  { text, activation }: Part,
  signal: Signal,
  usual: string,
): { module: ArchitectureModule; signal: Signal } {
  const inputs = sizeOf(signal);
  const pool = pooling.exec(text);
  if (pool) {
    if (activation !== null)
      throw new ConfigError(expected("no activation", text, activation), { hint: "Pooling has none." });
    const planes = planesOf(signal, text);
    const window = size(pool[2]!, text);
    const stride = pool[3] === undefined ? window : size(pool[3], text);
    const over = convolutionRank({
      inChannels: 1,
      outChannels: 1,
      height: planes.height,
      width: planes.width,
      kernelHeight: window,
      kernelWidth: window,
      stride,
    });
    const after = { height: over.outputHeight, width: over.outputWidth, channels: planes.channels };
    const sizes = { text, inputs, outputs: sizeOf(after) };
    if (pool[1] === "avg" || window === 1) return { module: { kind: "average-pool", ...sizes }, signal: after };
    return { module: { kind: "max-pool", ...sizes, window: window * window }, signal: after };
  }
  const convolution = /^conv(\d+)x(\d+)x(\d+)(?:s(\d+))?(?:p(\d+))?$/.exec(text);
  let affine: { outputs: number; rank: number; parameters: number; after: Signal };
  if (convolution) {
    const { height, width, channels } = planesOf(signal, text);
    const [kernelHeight, kernelWidth, outChannels] = convolution.slice(1, 4).map((part) => size(part, text)) as [
      number,
      number,
      number,
    ];
    const stride = convolution[4] === undefined ? 1 : size(convolution[4], text);
    const padding = Number(convolution[5] ?? 0);
    const of = convolutionRank({
      inChannels: channels,
      outChannels,
      height,
      width,
      kernelHeight,
      kernelWidth,
      stride,
      padding,
    });
    affine = {
      outputs: of.outputs,
      rank: of.rank,
      parameters: outChannels * (channels * kernelHeight * kernelWidth + 1),
      after: { height: of.outputHeight, width: of.outputWidth, channels: outChannels },
    };
  } else {
    if (!/^-?\d+$/.test(text))
      throw new ConfigError(expected("a width, conv<h>x<w>x<channels>, pool<w> or avgpool<w>", "layer size", text), {
        hint: example,
      });
    const outputs = size(text, "layer size");
    affine = { outputs, rank: Math.min(inputs, outputs), parameters: (inputs + 1) * outputs, after: { size: outputs } };
  }
  const { outputs, rank, parameters, after } = affine;
  const maxout = /^maxout(\d+)$/.exec(activation ?? "");
  if (maxout) {
    const window = size(maxout[1]!, "maxout");
    if (window === 1) {
      const own = { kind: "layer", text: `${text}@${activation}`, inputs, outputs, rank, parameters } as const;
      return { module: { ...own, activation: "linear" }, signal: after };
    }
    const module = {
      kind: "maxout",
      text: `${text}@${activation}`,
      inputs,
      outputs,
      window,
      parameters: window * parameters,
    } as const;
    return { module, signal: after };
  }
  const name = activation === null ? usual : activationName(activation);
  return { module: { kind: "layer", text, inputs, outputs, rank, parameters, activation: name }, signal: after };
}

function plainOf(
  inputDimension: number,
  modules: readonly ArchitectureModule[],
  usual: string,
): ModularNetwork["plain"] {
  const widths = [inputDimension];
  const activations: string[] = [];
  for (const module of modules) {
    if (module.kind !== "layer" || module.text.startsWith("conv")) return null;
    activations.push(module.activation);
    widths.push(module.outputs);
  }
  const outputActivation = activations.pop()!;
  const activation = activations[0] ?? (outputActivation === "linear" ? usual : outputActivation);
  if (activations.some((other) => other !== activation)) return null;
  if (outputActivation !== "linear" && outputActivation !== activation) return null;
  return { widths, activation, outputActivation };
}

function parametersOf(module: ArchitectureModule): number {
  if (module.kind === "residual") return module.block.reduce((sum, inner) => sum + parametersOf(inner), 0);
  return module.kind === "layer" || module.kind === "maxout" ? module.parameters : 0;
}

function planesOf(signal: Signal, text: string) {
  if ("size" in signal)
    throw new ConfigError(expected("an input of height x width x channels", text, `${signal.size} numbers`), {
      hint: example,
    });
  return signal;
}

function sizeOf(signal: Signal): number {
  return "size" in signal ? signal.size : signal.height * signal.width * signal.channels;
}

function size(text: string, name: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < 1 || value > 2 ** 24)
    throw new ConfigError(expected("a positive integer", name, text), { hint: example });
  return value;
}

/** What the theorems need to know of an activation, by its name. */
export function activationOf(module: Extract<ArchitectureModule, { readonly kind: "layer" }>): ActivationClass {
  return classifyActivation(module.activation);
}
