/** `bettina homology --report FILE`: what the page of one cloud is made of, from the command line. */
import { ConfigError, expected } from "../errors.js";
import { printable } from "../printable.js";
import { type CloudPage, cloudRecord, pageReadouts } from "../report/cloud.js";
import type { PersistenceInput } from "../topology/point-cloud.js";
import { formatReadout, needsContext, parseReadout } from "../topology/readout.js";
import type { NamedInput } from "./homology-inputs.js";
import type { HomologyOptions } from "./homology-options.js";
import { canBeSampled, contextOf } from "./homology-readout.js";
import type { CliIo } from "./io.js";

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
  const { metric = "euclidean", threshold, scale, readout } = options;
  const sampled = canBeSampled(result, options) || (readout !== undefined && needsContext(parseReadout(readout)));
  const context = sampled ? await contextOf(input, result, options) : undefined;
  const [first, ...others] = pageReadouts(scale);
  const asked = readout === undefined ? [] : [formatReadout(parseReadout(readout))];
  await writeCloudPage(
    options.report!,
    {
      name,
      cloud: cloudRecord(input),
      metric,
      ...found,
      ...(threshold === undefined || threshold === Infinity ? {} : { threshold }),
      readouts: [...new Set([...asked, first!, ...(sampled ? ["fasy@0.05"] : []), ...others])],
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
