/** The decision in one picture: how much of the input's topology every width keeps, above the accuracy it reaches. */
import type { StudyResult } from "../../study/result.js";
import { widthAxis } from "../chart-style.js";
import { comparisonOf } from "../choice.js";
import { palette } from "../palette.js";
import { activationsOf, keptShares, widthsOf } from "../summary.js";
import { percent } from "../words.js";
import { type Chart, lines, measuredKey, type Panel, panelSize, round, seriesEncoding, sourcesOf } from "./chart.js";

const height = 150;

/** Two panels per activation: comparisons in which a cloud keeps the input's number, and test accuracy. */
export function choiceChart(result: StudyResult): Chart | null {
  const sources = sourcesOf(result).filter((source) => source !== "input");
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
        encoding: { x: { field: "x", type: "quantitative", ...x } },
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
            x: { field: "x", type: "quantitative", ...x },
            y: { field: "low", type: "quantitative", ...y("accuracy") },
            y2: { field: "high" },
          },
        },
        ...lines([measuredKey.network], widths, y("accuracy")).map((part) => withKey(part, key)),
      ],
    };
    return [kept, reached];
  });
  return {
    name: "choice",
    title: "What topology says about a width, and what accuracy says",
    caption:
      `“Input's number kept”: of all comparisons of a class and a layer with the input by ${result.config.decision.readout}, the share in which at least ` +
      "the input's number was measured; where the controls do as well, the network has no part in it. " +
      "Dotted upright line: the smallest width within one point of the best accuracy.",
    key,
    columns: panels.length % 4 === 0 ? 4 : 2,
    panels,
    table: {
      header: [
        "activation",
        "width",
        "test accuracy",
        ...sources.map((source) => `kept, ${measuredKey[source].label}`),
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
            ...sources.map((source) => {
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
