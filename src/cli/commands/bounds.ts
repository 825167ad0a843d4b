/** `bettina bounds`: what an architecture can create and carry, with the theorem behind every number. */
import { carryBounds, layerBounds } from "../../bounds/layer-bounds.js";
import { parseArchitecture } from "../../network/architecture.js";
import { formatBoundsTable } from "../../report/text.js";
import { EXIT_OK } from "../exit-codes.js";
import { type CliIo, textOptions } from "../io.js";

/** Options of `bettina bounds`, as parsed. */
export interface BoundsOptions {
  readonly maxDim?: number;
  readonly field?: "any" | "char0";
  readonly dataDegree?: number;
  readonly dataInequalities?: number;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** Evaluates and prints the bounds of one architecture. */
export async function bounds(architecture: string, options: BoundsOptions, io: CliIo): Promise<number> {
  const { widths, activation } = parseArchitecture(architecture);
  const { maxDim = 1, field = "any", dataDegree = 2, dataInequalities = 0 } = options;
  const created = layerBounds({ widths, activation, maxDim, field });
  const carried = carryBounds({ widths, activation, maxDim, dataDegree, dataInequalities });
  if (options.json) {
    const assumptions = { domain: "ball", dataDegree, dataInequalities };
    io.stdout.write(
      `${JSON.stringify({ widths, activation, maxDim, field, assumptions, created, carried }, null, 2)}\n`,
    );
    return EXIT_OK;
  }
  const title =
    `Upper bounds on b_k of every layer of ${widths.join("-")}, ${activation}\n` +
    `(creates: from a ball of inputs; carries: of an input cut out by equations of degree ≤ ${dataDegree}` +
    `${dataInequalities > 0 ? ` and ${dataInequalities} inequalities` : ""})`;
  io.stdout.write(
    `${formatBoundsTable({ title, created, carried }, { ...textOptions(io), explain: options.explain === true })}\n`,
  );
  return EXIT_OK;
}
