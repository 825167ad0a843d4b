/**
 * Draws the pictures of bounds.md from the bounds themselves: `npm run docs`, after a build. The same build gives the
 * same bytes.
 */
import { writeFile } from "node:fs/promises";
import * as bounds from "../dist/bounds/index.js";
import { chartConfig, vegaLiteSchema } from "../dist/report/chart-style.js";
import { palette, ramp } from "../dist/report/palette.js";
import { renderSvg } from "../dist/report/render.js";

const upTo = (last, first = 1, step = 1) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);

/** One panel: the log10 of a bound against a size, a line a series. */
function panel(title, x, series, y = "log10 of the bound") {
  const values = series.flatMap(({ name, points }) =>
    points.filter(({ y: value }) => Number.isFinite(value)).map((point) => ({ series: name, ...point })),
  );
  const names = series.map(({ name }) => name);
  const scale = { domain: names, range: names.map((_, i) => palette[ramp[i]].light) };
  const dash = { domain: names, range: [[1, 0], [6, 3], [2, 3], [8, 3, 2, 3], [1, 2], [10, 4]].slice(0, names.length) };
  return {
    title,
    width: 250,
    height: 170,
    data: { values },
    mark: { type: "line", point: values.length <= 60 ? { size: 22, strokeWidth: 0, filled: true } : false, strokeWidth: 2 },
    encoding: {
      x: { field: "x", type: "quantitative", title: x, scale: { zero: false, nice: false, padding: 6 }, axis: { tickMinStep: 1 } },
      y: { field: "y", type: "quantitative", title: y },
      color: { field: "series", type: "nominal", scale, sort: names, legend: { columns: 2 } },
      strokeDash: { field: "series", type: "nominal", scale: dash, sort: names, legend: { columns: 2 } },
    },
  };
}

const line = (name, sizes, of) => ({ name, points: sizes.map((x) => ({ x, y: of(x) })) });
/** log10 of b_k after the last layer. */
const created = (widths, activation, k = 1, rest = {}) =>
  bounds
    .layerBounds({ widths, activation, maxDim: k, maxDigits: 30, ...rest })
    .findLast((entry) => entry.k === k).bound?.log10 ?? Number.NaN;
const layers = (input, width, depth) => [input, ...new Array(depth).fill(width)];
const modular = (text, k = 1) =>
  bounds.modularBounds({ network: bounds.parseModularNetwork(text), maxDim: k, maxDigits: 30 }).findLast((entry) => entry.k === k)
    .bound?.log10 ?? Number.NaN;

const depths = [2, 3, 4];
const byDepth = (widths, activation, rest = {}) =>
  depths.map((depth) =>
    line(`${depth} layers`, widths, (width) => created(layers(784, width, depth), activation, 1, rest)),
  );
const byWidth = (widths, activation, all = upTo(8)) =>
  widths.map((width) => line(`width ${width}`, all, (depth) => created(layers(784, width, depth), activation)));

const pictures = {
  sets: [
    panel("Oleinik–Petrovskii–Milnor–Thom", "variables n", [2, 3, 4].map((degree) =>
      line(`degree ${degree}`, upTo(12), (variables) => bounds.algebraicSetBound({ degree, variables }).log10))),
    panel("A cube: n quadratic inequalities", "variables n", [
      line("Milnor product", upTo(12), (n) => bounds.basicSetBound({ variables: n, inequalityDegrees: new Array(n).fill(2) }).log10),
      line("compact", upTo(12), (n) => bounds.compactBasicSetBound({ variables: n, inequalityDegrees: new Array(n).fill(2) }).log10),
      line("slack lift", upTo(12), (n) => bounds.slackLiftBound({ variables: n, inequalityDegrees: new Array(n).fill(2) }).log10),
    ]),
    panel("Few quadratics, b_0", "variables k", [1, 2, 6].map((inequalities) =>
      line(`s = ${inequalities}`, upTo(40, 8, 4), (variables) => bounds.quadraticInequalitiesBound({ dim: 0, inequalities, variables }).log10))),
    panel("Sign conditions and closed formulas in R³, quadrics", "polynomials s", [
      line("sign conditions, b_0", upTo(10), (polynomials) => bounds.signConditionsBound({ polynomials, degree: 2, variables: 3, dim: 0 }).log10),
      line("Barone–Basu", upTo(10), (polynomials) => bounds.signConditionComponentsBound({ polynomials, degree: 2, variables: 3, varietyDegree: 1 }).log10),
      line("closed (recalled)", upTo(10), (polynomials) => bounds.closedFormulaBound({ polynomials, degree: 2, variables: 3 }).log10),
    ]),
    panel("Pfaffian sets, n = 4, D = 4", "length of the chain ℓ", [1, 2, 4].map((chainDegree) =>
      line(`degree α = ${chainDegree}`, upTo(12), (length) => bounds.pfaffianSetBound({ variables: 4, length, chainDegree, degree: 4 }).log10))),
    panel("Zaslavsky: cells of N hyperplanes", "hyperplanes N", [2, 4, 8].map((dimension) =>
      line(`R^${dimension}`, upTo(24), (hyperplanes) => bounds.hyperplaneCells({ hyperplanes, dimension }).log10))),
  ],
  polynomial: [
    panel("b_1 of 784-w-…@square:square, any field", "width w", byDepth(upTo(64, 2, 2), "square")),
    panel("The same, characteristic 0", "width w", byDepth(upTo(64, 2, 2), "square", { field: "char0" })),
    panel("b_1 by depth", "layers", byWidth([2, 8, 32], "square")),
    panel("b_1 of a funnel 784-w-2@square:square", "width w", [
      line("few quadratics", upTo(128, 8, 8), (width) => created([784, width, 2], "square")),
      line("without them (Z/3)", upTo(128, 8, 8), (width) => created([784, width, 2], "square", 1, { modulus: 3 })),
    ]),
    panel("b_2, and higher degrees", "width w", [
      line("square, b_1", upTo(32, 4, 2), (width) => created(layers(784, width, 2), "square", 1)),
      line("square, b_2", upTo(32, 4, 2), (width) => created(layers(784, width, 2), "square", 2)),
      line("polynomial-3, b_1", upTo(32, 4, 2), (width) => created(layers(784, width, 2), "polynomial-3", 1)),
      line("polynomial-4, b_1", upTo(32, 4, 2), (width) => created(layers(784, width, 2), "polynomial-4", 1)),
    ]),
    panel("Certified folding: 784-16-16@square:square", "folded units of layer 2", [
      line("b_1", upTo(16, 0), (q) => created([784, 16, 16], "square", 1, { folded: [16, q] })),
    ]),
  ],
  pfaffian: [
    panel("b_1 of 784-w-…@tanh:tanh", "width w", byDepth(upTo(32, 2, 2), "tanh")),
    panel("b_1 of 784-w-…@arctan:arctan", "width w", byDepth(upTo(32, 2, 2), "arctan")),
    panel("b_1 by depth, tanh", "layers", byWidth([2, 8, 32], "tanh")),
  ],
  "piecewise-linear": [
    panel("b_1 of 784-w-…@relu:relu", "width w", byDepth(upTo(64, 2, 2), "relu")),
    panel("b_1 by depth, ReLU", "layers", byWidth([2, 8, 32], "relu")),
    panel("Linear regions of 2-w-w-w-1:relu", "width w", [
      line("Serra recursion", upTo(32, 2, 2), (w) => bounds.linearRegions({ inputDimension: 2, widths: [w, w, w] }).log10),
      line("product", upTo(32, 2, 2), (w) => bounds.linearRegionsProduct({ inputDimension: 2, widths: [w, w, w] }).log10),
      line("reached by some (recalled)", upTo(32, 2, 2), (w) => bounds.linearRegionsReached({ inputDimension: 2, widths: [w, w, w] }).log10 ?? Number.NaN),
    ], "log10 of the number"),
  ],
  carry: [
    panel("I_1 between two layers of width w", "width w", [2, 3, 4].map((degree) =>
      line(`degree ${degree}`, upTo(64, 2, 2), (width) => bounds.isolatedLayerBound({ k: 1, inputDimension: width, width, degree }).log10))),
    panel("I_k, degree 2", "width w", [0, 1, 2].map((k) =>
      line(`k = ${k}`, upTo(64, 4, 4), (width) => bounds.isolatedLayerBound({ k, inputDimension: width, width, degree: 2 }).log10))),
    panel("Smallest width not excluded, b = (1, b_1)", "log10 of b_1", [2, 3, 4].map((degree) =>
      line(`degree ${degree}`, upTo(12), (x) => bounds.smallestCarryWidth({ betti: [1, 10 ** x], degree }))), "width"),
  ],
  regions: [
    panel("Square, n inputs, by depth", "layers l", [1, 2, 4].map((n) =>
      line(`n = ${n}`, upTo(10), (l) => bounds.polynomialRegionBound({ inputDimension: n, degree: 2, layers: l }).log10))),
    panel("2-w-…-1:tanh", "width w", [1, 2, 3].map((depth) =>
      line(`${depth} layers`, upTo(24), (w) => bounds.pfaffianRegionBound({ activation: "tanh", inputDimension: 2, units: depth * w, layers: depth }).log10))),
    panel("2-w-…-1:arctan", "width w", [1, 2, 3].map((depth) =>
      line(`${depth} layers`, upTo(24), (w) => bounds.pfaffianRegionBound({ activation: "arctan", inputDimension: 2, units: depth * w, layers: depth }).log10))),
    panel("2-w-…-1:relu, b_1", "width w", [1, 2, 3].map((depth) =>
      line(`${depth} layers`, upTo(24, 2), (w) => bounds.reluRegionBound({ k: 1, inputDimension: 2, widths: new Array(depth).fill(w) }).log10))),
    panel("Threshold, one layer, b_0", "units h", [1, 2, 4].map((n) =>
      line(`n = ${n}`, upTo(24), (units) => bounds.thresholdRegionBound({ inputDimension: n, units }).log10))),
    panel("One of c classes of 2-w-w-c:square", "classes", [
      line("class region", upTo(12, 2), (classes) => bounds.polynomialClassRegionBound({ inputDimension: 2, degree: 2, layers: 2, classes }).log10),
    ]),
  ],
  modules: [
    panel("b_1 of 8x8x1-conv3x3xC-pool2", "channels C", ["relu", "square"].map((activation) =>
      line(activation, upTo(8), (c) => modular(`8x8x1-conv3x3x${c}-pool2:${activation}`)))),
    panel("b_1 of 8x8x1 and l layers conv3x3x2p1", "layers", ["relu", "square"].map((activation) =>
      line(activation, upTo(6, 2), (l) => modular(`8x8x1${"-conv3x3x2p1".repeat(l)}@${activation}:${activation}`)))),
    panel("b_1 of 16-w-[w-w]-w and of 16-w-w-w-w", "width w", [
      line("residual, ReLU", upTo(16, 2), (w) => modular(`16-${w}-[${w}-${w}]-${w}@relu:relu`)),
      line("plain, ReLU", upTo(16, 2), (w) => modular(`16-${w}-${w}-${w}-${w}@relu:relu`)),
      line("16-w@square-w@relu:relu", upTo(16, 2), (w) => modular(`16-${w}@square-${w}@relu:relu`)),
    ]),
  ],
  sharp: [
    panel("Chebyshev: {T ≥ 0}, n = 1, l square layers", "layers l", [
      line("bound", upTo(8), (l) => Number(bounds.polynomialRegionBound({ inputDimension: 1, degree: 2, layers: l }).exact)),
      line("components attained", upTo(8), (l) => 2 ** (l - 1) + 1),
    ], "number"),
    panel("Zaslavsky: lines in general position", "lines N", [
      line("bound", upTo(12), (N) => Number(bounds.hyperplaneCells({ hyperplanes: N, dimension: 2 }).exact)),
      line("cells attained", upTo(12), (N) => 1 + N + (N * (N - 1)) / 2),
    ], "number"),
    panel("Plane curves of degree D: not sharp", "degree D", [
      line("bound U_1, characteristic 0", upTo(64, 3), (D) =>
        Math.log10(Number((bounds.compactBasicSetBound({ variables: 2, inequalityDegrees: [2 * D + 4] }).exact - 1n) / 2n))),
      line("double points of a curve", upTo(64, 3), (D) => Math.log10(((D - 1) * (D - 2)) / 2)),
    ], "log10 of the number"),
  ],
};

for (const [name, panels] of Object.entries(pictures)) {
  const spec = {
    $schema: vegaLiteSchema,
    title: { offset: 18, fontSize: 15, text: { sets: "Sets", polynomial: "Images of polynomial layers", pfaffian: "Images of tanh and arctan layers", "piecewise-linear": "Images of ReLU layers", carry: "What a layer can carry", regions: "Decision regions", modules: "Convolutions and mixed networks", sharp: "Sharp, and not" }[name] },
    config: { ...chartConfig, legend: { ...chartConfig.legend, columns: 2, labelFontSize: 11 } },
    columns: 3,
    spacing: 30,
    concat: panels,
    resolve: { scale: { color: "independent", strokeDash: "independent" } },
  };
  const path = new URL(`bounds-${name}.svg`, import.meta.url);
  const svg = await renderSvg(spec, { onWarning: (message) => process.stderr.write(`${name}: ${message}\n`) });
  await writeFile(path, `${svg.trimEnd()}\n`);
}
