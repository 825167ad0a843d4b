/** `bettina homology --report FILE`: what the page of one cloud is made of, from the command line. */
import { ConfigError, expected } from "../errors.js";
import { printable } from "../printable.js";
import { type CloudPage, cloudRecord, pageReadouts } from "../report/cloud.js";
import { takePoints } from "../topology/landmarks.js";
import { isDistanceMatrix, type PersistenceInput } from "../topology/point-cloud.js";
import { readoutContext } from "../topology/readout-context.js";
import type { NamedInput } from "./homology-inputs.js";
import type { HomologyOptions } from "./homology-options.js";
import type { CliIo } from "./io.js";

/** Most points of which the sampling error is estimated: it takes n² distances and a thousand subsamples. */
const mostSampled = 1000;

/** Refuses a page of which intervals were left out. */
export function checkReport({ report, ratio }: HomologyOptions): void {
  if (report !== undefined && ratio !== undefined)
    throw new ConfigError(expected("no --ratio beside --report", "--ratio", ratio), {
      hint: "A page reads Betti numbers from all intervals, by a ratio too.",
    });
}

/** The sources, and a way to have the input last read again. */
export function remembering(sources: readonly NamedInput[]): {
  readonly sources: readonly NamedInput[];
  readonly input: () => PersistenceInput | undefined;
} {
  let held: PersistenceInput | undefined;
  return {
    sources: sources.map((source) => ({
      ...source,
      read: async () => {
        held = await source.read();
        return held;
      },
    })),
    input: () => held,
  };
}

/** Writes the page. */
export async function writePage(
  name: string,
  input: PersistenceInput,
  found: Pick<CloudPage, "result" | "approximation" | "replicates">,
  options: HomologyOptions,
  io: CliIo,
): Promise<void> {
  const { writeCloudPage } = await import("../report/cloud-page.js");
  const { coreVersions } = await import("../study/manifest.js");
  const { result } = found;
  const { metric = "euclidean", seed = 1, modulus, threshold, memoryLimit, scale, epsilon } = options;
  const matrix = isDistanceMatrix(input);
  const sampled = epsilon === undefined && result.n > 1 && result.n <= mostSampled;
  const context = sampled
    ? await readoutContext(result.landmarks ? takePoints(input, result.landmarks.indices) : input, {
        seed,
        ...(matrix ? {} : { metric }),
        ...(threshold === undefined ? {} : { threshold }),
        ...(modulus === undefined ? {} : { modulus }),
        ...(memoryLimit === undefined ? {} : { memoryLimit }),
      })
    : undefined;
  const [first, ...others] = pageReadouts(scale);
  await writeCloudPage(
    options.report!,
    {
      name,
      cloud: cloudRecord(input),
      metric,
      ...found,
      ...(threshold === undefined || threshold === Infinity ? {} : { threshold }),
      readouts: [first!, ...(sampled ? ["fasy@0.05"] : []), ...others],
      ...(context ? { context } : {}),
      options: given(options),
      versions: await coreVersions(),
    },
    io.signal,
  );
  if (!options.quiet) io.stderr.write(`Written to ${printable(options.report!)}\n`);
}

/** The options that bear on the result, under their names on the command line. */
function given(options: HomologyOptions): [string, string][] {
  const names = [
    ["format", "--format"],
    ["class", "--class"],
    ["sample", "--sample"],
    ["split", "--split"],
    ["seed", "--seed"],
    ["maxDim", "--max-dim"],
    ["threshold", "--threshold"],
    ["modulus", "--modulus"],
    ["metric", "--metric"],
    ["landmarks", "--landmarks"],
    ["landmarkRule", "--landmark-rule"],
    ["scale", "--scale"],
    ["replicates", "--replicates"],
    ["readout", "--readout"],
    ["epsilon", "--epsilon"],
    ["plan", "--plan"],
  ] as const;
  const dataset: [string, string][] = options.dataset === undefined ? [] : [["--dataset", options.dataset]];
  return [
    ...dataset,
    ...(options.all ? [["--all", ""] as [string, string]] : []),
    ...names.flatMap(([key, name]): [string, string][] =>
      options[key] === undefined ? [] : [[name, `${options[key]}`]],
    ),
  ];
}
