/** Bounds beside what was measured. */
import type { StudyResult } from "../../study/result.js";
import { activationsOf, findBound, findRow, layersOf, readoutsOf, summarise, widthsOf } from "../summary.js";
import { subscript } from "../words.js";
import { type Chart, type KeyEntry, lines, panelSize, round } from "./chart.js";

const boundsKey = (readout: string): readonly KeyEntry[] => [
  { label: "bound: the network can create (U₁)", colour: "created", shape: "diamond", dash: [6, 3] },
  { label: "bound: the layer can carry (I₁)", colour: "carried", shape: "triangle-up", dash: [2, 3] },
  { label: `measured by ${readout}, largest class`, colour: "network", shape: "circle", dash: [1, 0] },
];

/** Bounds on b1 and the largest measured number against width, as powers of ten; a panel per activation and layer. */
export function boundsChart(result: StudyResult): Chart {
  const widths = widthsOf(result);
  const readout = readoutsOf(result).includes("count") ? "count" : result.config.decision.readout;
  const key = boundsKey(readout);
  const summary = summarise(result, readout, 1);
  const cells = activationsOf(result).flatMap((activation) =>
    layersOf(result).map((layer) => {
      const values = widths.flatMap((width) => {
        const created = findBound(result, "created", activation, width, layer, 1)?.bound;
        const carried = findBound(result, "carried", activation, width, layer, 1)?.bound;
        const measured = findRow(summary, "network", activation, width, layer)?.spread?.maximum;
        return [
          ...(created ? [{ kind: "point", x: width, y: onePlus(created.log10), series: key[0]!.label }] : []),
          ...(carried ? [{ kind: "point", x: width, y: onePlus(carried.log10), series: key[1]!.label }] : []),
          ...(measured === undefined
            ? []
            : [{ kind: "point", x: width, y: round(Math.log10(1 + measured)), series: key[2]!.label }]),
        ];
      });
      return { title: `${activation} · layer ${layer}`, values };
    }),
  );
  const most = Math.max(3, ...cells.flatMap(({ values }) => values.map(({ y }) => y)));
  const powers = [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000, 100000];
  // The scale ends at a power that has a label, so that the highest bound can be read off.
  const highest = powers.find((power) => power >= most) ?? most;
  const y = {
    scale: { type: "symlog", domain: [0, highest], nice: false, padding: 6 },
    axis: {
      title: `b${subscript(1)}`,
      values: powers.filter((power) => power <= highest),
      labelExpr: `${JSON.stringify(Object.fromEntries(powers.map((power) => [power, powerOfTen(power)])))}[datum.value]`,
    },
  };
  return {
    name: "bounds",
    title: "Proven upper bounds against what was measured",
    caption:
      "Mind the scale: powers of ten, their exponents compressed once more; bounds and counts share it, so that their " +
      "distance shows. A missing series means that no theorem applies.",
    key,
    columns: layersOf(result).length,
    panels: cells.map((cell) => ({ ...panelSize, ...cell, layer: lines(key, widths, y) })),
  };
}

/** 10³⁰⁰, and 0 for the power 0: of log10(1 + value). */
function powerOfTen(power: number): string {
  return power === 0 ? "0" : `10${[...String(power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`;
}

/** log10(1 + value), from log10 of the value (null: the value is 0). */
function onePlus(log10: number | null): number {
  if (log10 === null) return 0;
  return round(log10 > 15 ? log10 : Math.log10(1 + 10 ** log10));
}
