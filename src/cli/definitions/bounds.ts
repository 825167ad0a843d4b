/** The options and the help text of `bettina bounds`. */
import { compactDomain, integer, number, oneOf } from "../options.js";
import type { Add } from "./add.js";

/** Adds the command. */
export const addBounds: Add = (program, io, exit) => {
  program
    .command("bounds")
    .description("proven upper bounds on the Betti numbers of every layer of an architecture")
    .argument(
      "[architecture]",
      "layer sizes and an activation, e.g. 784-64-64-10:square; with --weights it may be left out",
    )
    .option("--dim, --max-dim <k>", "highest degree (default: 1)", integer("--max-dim", 0, 1000))
    .option(
      "--field <name>",
      "any (every field of coefficients) or char0 (smaller bounds, for characteristic 0)",
      oneOf("--field", ["any", "char0"]),
    )
    .option(
      "--domain <name>",
      "where the inputs lie: ball, cube or points:<n>, all of them compact (default: ball)",
      compactDomain("--domain"),
    )
    .option("--weights <dir>", "sharpen by the ranks and folded units of a trained network (study --save-weights)")
    .option(
      "--radius <r>",
      "with --weights: radius of the ball around the centre of the unit cube (default: the ball holds the cube)",
      number("--radius", 0),
    )
    .option(
      "--data-degree <d>",
      "assumed degree of the equations that cut out the data (default: 2)",
      integer("--data-degree", 1),
    )
    .option(
      "--data-inequalities <s>",
      "assumed number of inequalities that do (default: 0)",
      integer("--data-inequalities"),
    )
    .option("--explain", "print how each value came about")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
The first size is the input's, the last the output's, which is affine: 784-64-10:relu is the network that bettina train
784-64-10:relu trains. An activation behind the last layer says otherwise: 784-64-64@relu:relu. The answer names the layers.
Besides widths: conv<h>x<w>x<channels>[s<stride>][p<padding>], pool<w>, avgpool<w>, [...] for a residual block;
@<activation> or @maxout<w> behind a layer. Activations: linear, square, cube, polynomial:<d>, relu, leaky-relu, abs,
hard-tanh, tanh, logistic, arctan and others.

Creates at most (U_k): from a convex set of inputs. Carries at most (I_k): of an input cut out by equations as assumed;
without --data-inequalities by equations alone, which no set with an inside is.

Examples:
  bettina bounds 784-64-64-10:square
  bettina bounds 784-8-8-10:relu --dim 2 --explain
  bettina bounds 28x28x1-conv3x3x8-pool2-conv3x3x8-pool2-10:relu
  bettina bounds 64-32@tanh-[32-32]-10:relu          a layer of its own activation, a residual block
  bettina bounds --weights runs/mine/weights/square-w8-s1`,
    )
    .action(async (architecture: string | undefined, options) => {
      const { bounds } = await import("../commands/bounds.js");
      exit(await bounds(architecture, options, io));
    });
};
