/** Point clouds and distance matrices in the file formats of the field: the one door to all readers. */
import { ConfigError, expected } from "../errors.js";
import { broken } from "./broken.js";
import { readBytes, standardInput } from "./bytes.js";
import { type ContentKind, kindOfContent, refuseBinary, refuseText, strangerByName } from "./content.js";
import { parseDipha } from "./dipha.js";
import type { DistancesInput } from "./distances.js";
import { formatOfName, type InputFormat } from "./format-name.js";
import { type NpyArray, parseNpy } from "./npy.js";
import { parseNpz } from "./npz.js";
import { pointsOfOff } from "./off.js";
import { type PointsInput, pointsOfIdx, pointsOfNpy, pointsOfText } from "./points-file.js";
import { parseSparse } from "./sparse-file.js";
import { type SquareOptions, squareOfNpy, squareOfText } from "./square.js";
import type { TextOptions } from "./text-layout.js";
import { parseBinary, type TriangleOptions, triangleOfNpy, triangleOfText } from "./triangle.js";
import { textOfUnknownFormat } from "./unknown-text.js";

export type { DistancesInput } from "./distances.js";
export type { PointsInput } from "./points-file.js";

/** What a file is to be read as; each option only where it can matter. */
export interface ParseInputOptions
  extends Pick<TextOptions, "header" | "labels" | "columns">,
    Pick<SquareOptions, "symmetrise">,
    Pick<TriangleOptions, "diagonal"> {
  /** @default by the content, then by the name, see {@link formatOfName}, then by the lines, see {@link textOfUnknownFormat} */
  readonly format?: InputFormat | undefined;
  /** Name of the array in a .npz file. @default the only one */
  readonly array?: string | undefined;
  /** Arrays of any shape (n, ...): each of the n parts is one point. @default only shape (n, d) */
  readonly flatten?: boolean | undefined;
  /** Most bytes for the distances of a sparse file. @default 4 GiB */
  readonly memoryLimit?: number | undefined;
}

/** Options of {@link readInput}. */
export interface ReadInputOptions extends ParseInputOptions {
  readonly signal?: AbortSignal;
}

/**
 * Reads points or distances from a file, or from standard input for "-". DIPHA's, NumPy's, IDX and OFF files are known by
 * their content, whatever they are called. Linear in the size of the file, except `sparse`, which fills all n(n-1)/2
 * distances.
 * @returns with remarks: whatever was inferred, and what else the file might mean
 * @throws InputError for a file that cannot be read
 * @throws DataFormatError, with path and line or byte offset, for content that breaks the format, that is no points or
 *   distances, or that has two meanings
 * @throws ConfigError for options that the file has no use for
 * @throws ResourceError for a file that is too large, MemoryLimitError when the distances would not fit in memory
 */
export async function readInput(path: string, options: ReadInputOptions = {}): Promise<PointsInput | DistancesInput> {
  const { signal, ...rest } = options;
  const name = path === "-" ? standardInput : path;
  const format = options.format ?? formatOfName(path);
  const bytes = await readBytes(path, {
    ...(signal ? { signal } : {}),
    onStart: (start) => refuseStart(start, format, name),
  });
  return parseInput(bytes, { ...rest, path: name });
}

/** Refuses at once what is no points or distances. */
function refuseStart(start: Uint8Array, format: InputFormat | undefined, path: string): void {
  const marked = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  if (format !== "binary" && format !== "dipha" && !marked && kindOfContent(start) === "text")
    refuseBinary(start, path);
}

/**
 * Decodes points or distances; {@link readInput} without the file.
 * @param options.path name of the input, for messages; its ending counts
 */
export function parseInput(
  bytes: Uint8Array,
  options: ParseInputOptions & { readonly path: string },
): PointsInput | DistancesInput {
  const { path, format: named } = options;
  const kind = kindOfContent(bytes);
  const format = named ?? formatOfName(path);
  if (kind === "text") return parseText(bytes, format, options);
  const certain = named !== undefined;
  if (kind === "npy" || kind === "npz") {
    const array = kind === "npz" ? parseNpz(bytes, options) : parseNpy(bytes, options);
    return parseArray(array, format, kind, options);
  }
  if (kind === "dipha") {
    refuseOtherFormat(kind, named, ["dipha"], path);
    refuseUnused(options, ["symmetrise"]);
    return parseDipha(bytes, options);
  }
  refuseOtherFormat(kind, named, ["point-cloud"], path);
  refuseUnused(options, kind === "idx" ? ["flatten"] : []);
  return kind === "idx" ? pointsOfIdx(bytes, { ...options, certain }) : pointsOfOff(bytes, options);
}

const textual = ["header", "labels", "columns"] as const;

/** Text, or the binary formats that have no mark of their own. */
function parseText(
  bytes: Uint8Array,
  format: InputFormat | undefined,
  options: ParseInputOptions & { readonly path: string },
): PointsInput | DistancesInput {
  const { path } = options;
  const certain = options.format !== undefined;
  switch (format) {
    case "dipha":
      refuseUnused(options, ["symmetrise"]);
      return parseDipha(bytes, options);
    case "binary": {
      refuseUnused(options, ["diagonal"]);
      const stranger = strangerByName(bytes, 4) ?? (bytes.length === 0 ? "an empty file" : undefined);
      if (stranger !== undefined)
        throw broken(
          path,
          0,
          "Ripser's binary triangle",
          "the content",
          stranger,
          "Check that this is the right file.",
        );
      refuseText(bytes, path);
      return parseBinary(bytes, options);
    }
    case "point-cloud":
      refuseUnused(options, textual);
      return pointsOfText(bytes, { ...options, certain });
    case "distance":
      refuseUnused(options, [...textual, "symmetrise"]);
      return squareOfText(bytes, options);
    case "lower-distance":
    case "upper-distance":
      refuseUnused(options, [...textual, "diagonal"]);
      return triangleOfText(bytes, format, options);
    case "sparse":
      refuseUnused(options, textual);
      return parseSparse(bytes, options, options.memoryLimit);
    case undefined:
      refuseUnused(options, [...textual, "symmetrise", "diagonal"]);
      return textOfUnknownFormat(bytes, options);
  }
}

/** NumPy's arrays. Where the name means a format they cannot have, the content counts, and they are points. */
function parseArray(
  array: NpyArray,
  format: InputFormat | undefined,
  kind: ContentKind,
  options: ParseInputOptions & { readonly path: string },
): PointsInput | DistancesInput {
  const packed = kind === "npz" ? (["array"] as const) : [];
  refuseOtherFormat(
    kind,
    options.format,
    ["point-cloud", "distance", "lower-distance", "upper-distance"],
    options.path,
  );
  switch (format) {
    case "distance":
      refuseUnused(options, [...packed, "symmetrise"]);
      return squareOfNpy(array, options);
    case "lower-distance":
    case "upper-distance":
      refuseUnused(options, [...packed, "diagonal"]);
      return triangleOfNpy(array, format, options);
    default:
      refuseUnused(options, [...packed, "flatten"]);
      return pointsOfNpy(array, { ...options, certain: options.format !== undefined });
  }
}

const kindNames: Readonly<Record<ContentKind, string>> = {
  npy: "a .npy array",
  npz: "a .npz file",
  dipha: "a DIPHA file",
  idx: "an IDX file",
  off: "an OFF file",
  text: "text",
};

/** The content is certain: a format named besides must be one of those it can have. */
function refuseOtherFormat(
  kind: ContentKind,
  named: InputFormat | undefined,
  possible: readonly InputFormat[],
  path: string,
): void {
  if (named !== undefined && !possible.includes(named))
    throw broken(
      path,
      0,
      `content of format ${named}`,
      "the content",
      kindNames[kind],
      `Say --format ${possible.join(" or ")}, or leave --format out.`,
    );
}

const optionNames = ["header", "labels", "columns", "array", "flatten", "symmetrise", "diagonal"] as const;
const uses: Readonly<Record<(typeof optionNames)[number], string>> = {
  header: "text with a heading",
  labels: "text with columns",
  columns: "text with columns",
  array: "a .npz file",
  flatten: "points of a .npy, .npz or IDX file",
  symmetrise: "a square matrix of distances",
  diagonal: "a triangle of distances",
};

/** Nothing that was said is passed over in silence. */
function refuseUnused(
  options: ParseInputOptions & { readonly path: string },
  used: readonly (typeof optionNames)[number][],
): void {
  for (const name of optionNames)
    if (options[name] !== undefined && !used.includes(name))
      throw new ConfigError(expected(uses[name], `--${name}`, options.path), { hint: "Leave it out for this file." });
}
