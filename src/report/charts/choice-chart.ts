/** The decision in one picture: how much of the input's topology every width keeps, above the accuracy it reaches. */
import type { StudyResult } from "../../study/result.js";
import { widthAxis } from "../chart-style.js";
import { comparisonOf } from "../choice.js";
import { palette } from "../palette.js";
import { activationsOf, keptShares, widthsOf } from "../summary.js";
import { percent } from "../words.js";
import { type Chart, lines, measuredKey, type Panel, panelSize, round, seriesEncoding, sourcesOf } from "./chart.js";

const height = 150;

/**
 * Two panels per activation: comparisons in which a cloud keeps the input's number, and test accuracy; where the input
 * shows nothing that could be lost, the accuracy alone.
 */
export function choiceChart(result: StudyResult): Chart | null {
  const { nothingToKeep } = result.recommendation;
  const sources = sourcesOf(result)
    .filter((source) => source !== "input")
    .filter((source) => !nothingToKeep || source === "network");
  const shares = activationsOf(result).map((activation) => ({
    activation,
    shares: sources.flatMap((source) => keptShares(result, source, activation).map((one) => ({ source, ...one }))),
  }));
  if (shares.every((one) => !one.shares.some(({ source }) => source === "network"))) return null;
  const widths = widthsOf(result);
  const key = sources.map((source) => measuredKey[source]);
  const x = widthAxis(widths);
  const y = (title: string) => ({
    scale: { domain: [0, 1] },
    axis: { title, format: ".0%", values: [0, 0.25, 0.5, 0.75, 1] },
  });
  const panels = shares.flatMap(({ activation, shares: own }): Panel[] => {
    const comparison = comparisonOf(result, activation);
    const marks = [
      ...(comparison?.byAccuracy ? [{ kind: "mark", x: comparison.byAccuracy.width, label: "by accuracy" }] : []),
    ];
    const mark = [
      {
        transform: [{ filter: { field: "kind", equal: "mark" } }],
        mark: { type: "rule", color: palette.ink.light, strokeWidth: 1.2, strokeDash: [2, 3] },
        encoding: { x: { field: "x", ...x } },
      },
    ];
    const kept: Panel = {
      ...panelSize,
      height,
      title: `${activation} · input's number kept`,
      values: [
        ...[...own].reverse().map(({ source, width, share }) => ({
          kind: "point",
          x: width,
          y: round(share),
          series: measuredKey[source].label,
        })),
        ...marks,
      ],
      layer: [...mark, ...lines(key, widths, y("share of comparisons"))],
    };
    const accuracies = result.statistics.accuracies.filter((one) => one.activation === activation);
    const reached: Panel = {
      ...panelSize,
      height,
      title: `${activation} · test accuracy`,
      values: [
        ...accuracies.flatMap(({ width, test }) =>
          test.median === null
            ? []
            : [
                {
                  kind: "point",
                  x: width,
                  y: round(test.median),
                  low: test.lower,
                  high: test.upper,
                  series: measuredKey.network.label,
                },
              ],
        ),
        ...marks,
      ],
      layer: [
        ...mark,
        {
          transform: [{ filter: { field: "kind", equal: "point" } }],
          mark: { type: "area", color: palette.network.light, opacity: 0.16 },
          encoding: {
            x: { field: "x", ...x },
            y: { field: "low", type: "quantitative", ...y("accuracy") },
            y2: { field: "high" },
          },
        },
        ...lines([measuredKey.network], widths, y("accuracy")).map((part) => withKey(part, key)),
      ],
    };
    return nothingToKeep ? [reached] : [kept, reached];
  });
  return {
    name: "choice",
    title: nothingToKeep
      ? "What accuracy says about a width"
      : "What topology says about a width, and what accuracy says",
    caption:
      (nothingToKeep
        ? `By ${result.config.decision.readout} the input's number is 0 in every class, which every width keeps; so only the accuracy is drawn. `
        : `“Input's number kept”: of all comparisons of a class and a layer with the input by ${result.config.decision.readout}, the share in which at least ` +
          "the input's number was measured; where the controls do as well, the network has no part in it. ") +
      (result.config.seeds.length > 1
        ? `Line and band: median and 5th to 95th percentile over ${result.config.seeds.length} trainings. `
        : "Line: one training of each width. ") +
      "Dotted upright line: the smallest width within one point of the best accuracy.",
    key,
    columns: panels.length % 4 === 0 ? 4 : 2,
    panels,
    table: {
      header: [
        "activation",
        "width",
        "test accuracy",
        ...(nothingToKeep ? [] : sources.map((source) => `kept, ${measuredKey[source].label}`)),
      ],
      rows: shares.flatMap(({ activation, shares: own }) =>
        widths.map((width) => {
          const accuracy = result.statistics.accuracies.find(
            (one) => one.activation === activation && one.width === width,
          );
          return [
            activation,
            `${width}`,
            accuracy?.test.median ? percent(accuracy.test.median) : "–",
            ...(nothingToKeep ? [] : sources).map((source) => {
              const found = own.find((one) => one.source === source && one.width === width);
              return found ? percent(found.share) : "–";
            }),
          ];
        }),
      ),
    },
  };
}

/** The legend of a picture is one for all panels: each part names the whole key. */
function withKey(part: Readonly<Record<string, unknown>>, key: Parameters<typeof seriesEncoding>[0]) {
  const encoding = part.encoding as Record<string, unknown>;
  return "color" in encoding
    ? { ...part, encoding: { ...encoding, ...seriesEncoding(key, ["color", "shape"]) } }
    : part;
}
