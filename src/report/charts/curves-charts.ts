/** Betti curves: the Betti number at every scale, in median distances of each cloud. */
import type { StudyResult } from "../../study/result.js";
import type { CurveStatistics } from "../../study/statistics.js";
import { chosenWidth } from "../choice.js";
import { placeAt } from "../levels.js";
import { palette, ramp } from "../palette.js";
import { activationsOf, layersOf, widthsOf } from "../summary.js";
import { betti, subscript } from "../words.js";
import {
  type Chart,
  type ChartTable,
  type KeyEntry,
  measuredKey,
  type Panel,
  panelSize,
  round,
  sampleOf,
  seriesEncoding,
  sourcesOf,
} from "./chart.js";

/** Curves of degree 1 of the chosen width beside its controls, and of all widths; empty where none were recorded. */
export function curvesCharts(result: StudyResult): Chart[] {
  const curves = result.statistics.curves;
  if (curves === null || !curves.places.some(({ source, k }) => source === "network" && k === 1)) return [];
  return [controlsChart(result, curves), widthsChart(result, curves)];
}

type Curves = NonNullable<StudyResult["statistics"]["curves"]>;

/** One line of a panel. */
interface Line {
  readonly series: string;
  readonly curve: CurveStatistics;
  /** Whether its band is drawn. */
  readonly band: boolean;
}

function controlsChart(result: StudyResult, curves: Curves): Chart {
  const sources = sourcesOf(result);
  const key = sources.map((source): KeyEntry => ({ ...measuredKey[source], shape: "stroke" }));
  const cells = activationsOf(result).flatMap((activation) => {
    const width = chosenWidth(result, activation);
    return layersOf(result).map((layer) => ({
      title: `${activation} · width ${width} · layer ${layer}`,
      lines: [...sources].reverse().flatMap((source): Line[] => {
        const at = placeAt(source, activation, width, layer);
        const curve = curves.places.find(
          (place) =>
            place.k === 1 &&
            place.source === source &&
            place.width === at.width &&
            place.activation === at.activation &&
            place.layer === at.layer,
        );
        return curve
          ? [{ series: measuredKey[source].label, curve, band: source === "network" || source === "input" }]
          : [];
      }),
    }));
  });
  return draw({
    name: "curves-controls",
    title: "Betti curves beside their controls",
    caption:
      `Loops alive at every scale; scales in median distances of each cloud, so that layers compare. Lines: median over ` +
      `the clouds (${cloudsOf(result)}). Bands of the trained network and the input: 5th to 95th percentile of those clouds. The ` +
      `width is the one accuracy chooses.`,
    key,
    cells,
    scales: curves.scales,
    columns: layersOf(result).length,
  });
}

/** What the clouds of a trained layer are, of which bands show the spread. */
function cloudsOf({ config }: StudyResult): string {
  const counts = [
    `${config.classes.length} classes`,
    ...(config.sampling.subsamples > 1 ? [`${config.sampling.subsamples} samples`] : []),
    config.seeds.length > 1 ? `${config.seeds.length} trainings` : "one training",
  ];
  return counts.join(", ");
}

function widthsChart(result: StudyResult, curves: Curves): Chart {
  const widths = sampleOf(widthsOf(result), ramp.length);
  const input = curves.places.find(({ source, k }) => source === "input" && k === 1);
  const key = [
    ...widths.map(
      (width, i): KeyEntry => ({ label: `width ${width}`, colour: ramp[i]!, shape: "stroke", dash: [1, 0] }),
    ),
    ...(input ? [{ ...measuredKey.input, dash: [5, 3] } as KeyEntry] : []),
  ];
  const cells = activationsOf(result).flatMap((activation) =>
    layersOf(result).map((layer) => ({
      title: `${activation} · layer ${layer}`,
      lines: [
        ...(input ? [{ series: measuredKey.input.label, curve: input, band: false }] : []),
        ...widths.flatMap((width): Line[] => {
          const curve = curves.places.find(
            (place) =>
              place.k === 1 &&
              place.source === "network" &&
              place.activation === activation &&
              place.width === width &&
              place.layer === layer,
          );
          return curve ? [{ series: `width ${width}`, curve, band: false }] : [];
        }),
      ],
    })),
  );
  return draw({
    name: "curves-widths",
    title: "Betti curves of every layer, by width",
    caption:
      "Loops alive at every scale in the trained networks, median over the clouds; scales in median distances of each cloud." +
      (widths.length < result.config.widths.length
        ? ` ${widths.length} of ${result.config.widths.length} widths are drawn.`
        : ""),
    key,
    cells,
    scales: curves.scales,
    columns: layersOf(result).length,
  });
}

function draw(what: {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly key: readonly KeyEntry[];
  readonly cells: readonly { readonly title: string; readonly lines: readonly Line[] }[];
  readonly scales: readonly number[];
  readonly columns: number;
}): Chart {
  const { cells, key } = what;
  const all = cells.flatMap(({ lines }) => lines);
  const top = Math.max(1, ...all.flatMap(({ curve, band }) => (band ? curve.upper : curve.median)));
  // The scales at which something can be seen: more than a fiftieth of the highest value.
  const seen = all.flatMap(({ curve, band }) =>
    (band ? curve.upper : curve.median).flatMap((value, i) => (value > top / 50 ? [i] : [])),
  );
  const from = seen.length === 0 ? 0 : Math.max(0, Math.min(...seen) - 2);
  const to = seen.length === 0 ? what.scales.length - 1 : Math.min(what.scales.length - 1, Math.max(...seen) + 2);
  const scales = what.scales.slice(from, to + 1);
  const x = {
    field: "x",
    type: "quantitative",
    scale: { domain: [scales[0], scales[scales.length - 1]], nice: false, zero: false },
    axis: { title: "edge length / median distance", tickCount: 6 },
  };
  const y = {
    field: "y",
    type: "quantitative",
    scale: { domain: [0, top], nice: true },
    axis: { title: `b${subscript(1)}`, tickCount: 5, tickMinStep: 1 },
  };
  const panels = cells.map(({ title, lines }): Panel => {
    const values = lines.flatMap(({ series, curve, band }) =>
      scales.map((scale, i) => ({
        x: round(scale),
        y: round(curve.median[from + i]!),
        ...(band ? { low: round(curve.lower[from + i]!), high: round(curve.upper[from + i]!) } : {}),
        series,
      })),
    );
    const bands = lines.filter(({ band }) => band).map(({ series }) => series);
    return {
      ...panelSize,
      title,
      values,
      layer: [
        ...bands.map((series) => ({
          transform: [{ filter: { field: "series", equal: series } }],
          mark: { type: "area", color: palette[colourOf(key, series)].light, opacity: 0.16 },
          encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
        })),
        ...lines.map(({ series }) => ({
          transform: [{ filter: { field: "series", equal: series } }],
          mark: {
            type: "line",
            strokeWidth: 1.8,
            strokeDash: key.find(({ label }) => label === series)?.dash ?? [1, 0],
          },
          encoding: { x, y, ...seriesEncoding(key, ["color"]) },
        })),
      ],
    };
  });
  return { ...what, panels, table: peaks(cells, what.scales) };
}

function colourOf(key: readonly KeyEntry[], series: string): KeyEntry["colour"] {
  return key.find(({ label }) => label === series)?.colour ?? "input";
}

/** The curves in numbers: where each is highest, how high, and the mean number of loops over the scales drawn. */
function peaks(
  cells: readonly { readonly title: string; readonly lines: readonly Line[] }[],
  scales: readonly number[],
): ChartTable {
  return {
    header: ["panel", "curve", "clouds", "most loops (5 %, 95 %)", "at scale", "half of them from", "to"],
    rows: cells.flatMap(({ title, lines }) =>
      [...lines].reverse().map(({ series, curve }) => {
        const most = Math.max(...curve.median);
        const at = curve.median.indexOf(most);
        const half = curve.median.map((value, i) => (value >= most / 2 && value > 0 ? i : -1)).filter((i) => i >= 0);
        const scale = (i: number | undefined) => (i === undefined || most === 0 ? "–" : scales[i]!.toFixed(2));
        return [
          title,
          series,
          `${curve.clouds}`,
          `${betti(most)} (${betti(curve.lower[at])}–${betti(curve.upper[at])})`,
          scale(at),
          scale(half[0]),
          scale(half[half.length - 1]),
        ];
      }),
    ),
  };
}
