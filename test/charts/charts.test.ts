/**
 * Approved pictures: each chart of the fixture as SVG, looked at when it was approved. After a wanted change, look at
 * the new files in test/charts/approved and run vitest with -u.
 */
import { describe, expect, it } from "vitest";
import { barcodeSpec, diagramSpec } from "../../src/report/barcode.js";
import { widthAxis } from "../../src/report/chart-style.js";
import { bettiChart } from "../../src/report/charts/betti-chart.js";
import { boundsChart } from "../../src/report/charts/bounds-chart.js";
import { chartSpec, lines, measuredKey, panelSize, panelSpec } from "../../src/report/charts/chart.js";
import { scatterChart } from "../../src/report/charts/scatter-chart.js";
import { studyCharts } from "../../src/report/charts/study-charts.js";
import { palette, toThemeVariables } from "../../src/report/palette.js";
import { renderPng, renderSvg } from "../../src/report/render.js";
import { spreadOf } from "../../src/report/summary.js";
import { type Diagram, diagramFromJson } from "../../src/topology/diagram.js";
import { significantRatio } from "../../src/topology/universal-null.js";
import { fixtureDiagrams, fixtureResult } from "../report/fixture.js";

const result = fixtureResult({ activations: ["square"] });
const full = fixtureResult({ activations: ["square"], widths: [2, 8, 32], seeds: [1, 2, 3, 4, 5], full: true });

async function draw(spec: Parameters<typeof renderSvg>[0]): Promise<string> {
  const warnings: string[] = [];
  const svg = await renderSvg(spec, { onWarning: (message) => warnings.push(message) });
  expect(warnings).toEqual([]);
  return svg;
}

async function fixturePicture(): Promise<Diagram[]> {
  const { clouds } = (await fixtureDiagrams(result, "square-w8-s1"))!;
  return clouds[0]!.diagrams.map((intervals, dimension) => diagramFromJson(dimension, intervals));
}

describe("approved pictures", () => {
  for (const chart of studyCharts(result))
    it(chart.name, async () => {
      await expect(`${await draw(chartSpec(chart))}\n`).toMatchFileSnapshot(`approved/${chart.name}.svg`);
    });

  for (const chart of studyCharts(full))
    it(`${chart.name} of a full study`, async () => {
      await expect(`${await draw(chartSpec(chart))}\n`).toMatchFileSnapshot(`approved/full-${chart.name}.svg`);
    });

  it("persistence", async () => {
    const { clouds } = (await fixtureDiagrams(result, "square-w8-s1"))!;
    const chart = scatterChart({
      name: "persistence",
      title: "square, width 8, class 0",
      clouds: clouds
        .filter((cloud) => cloud.source === "network" && cloud.class === 0)
        .map(({ layer, diagrams }) => ({
          title: `layer ${layer}`,
          diagrams: diagrams.map((intervals, dimension) => diagramFromJson(dimension, intervals)),
        })),
      readouts: ["ratio>1.1", "universal-null@0.05"],
    });
    await expect(`${await draw(chartSpec(chart))}\n`).toMatchFileSnapshot("approved/persistence.svg");
  });

  it("barcode", async () => {
    const picture = {
      title: "square, width 8, layer 1",
      subtitle: "class 0",
      diagrams: await fixturePicture(),
      threshold: 7,
    };
    await expect(`${await draw(barcodeSpec(picture))}\n`).toMatchFileSnapshot("approved/barcode.svg");
  });

  it("diagram", async () => {
    const picture = { title: "square, width 8, layer 1", diagrams: await fixturePicture(), threshold: 7 };
    await expect(`${await draw(diagramSpec(picture))}\n`).toMatchFileSnapshot("approved/diagram.svg");
    const error = { length: 0.2, factor: 1.1 };
    await expect(`${await draw(diagramSpec({ ...picture, error }))}\n`).toMatchFileSnapshot(
      "approved/diagram-error.svg",
    );
  });
});

describe("charts of a study", () => {
  it("draw the medians that were measured, for every series and width", () => {
    const panel = bettiChart(result, "count", 1).panels[1]!;
    expect(panel.title).toBe("square · layer 2");
    const values = result.measurements
      .filter(({ source, width, layer }) => source === "untrained" && width === 16 && layer === 2)
      .map(({ readouts }) => readouts[0]!.betti[1]!);
    const drawn = panel.values.find(({ x, series }) => x === 16 && series === "untrained network");
    expect(drawn).toMatchObject({ y: spreadOf(values)!.median });
    expect(panel.values.filter(({ kind }) => kind === "point")).toHaveLength(6 * 3);
    expect(panel.values.filter(({ kind }) => kind === "input")).toHaveLength(1);
  });

  it("draw bounds as log10(1 + bound): 0 stays 0, 2^2·4·7^2 - 1 = 783 becomes log10(784)", () => {
    const { panels } = boundsChart(result);
    const created = (panel: number, x: number) =>
      panels[panel]!.values.find((value) => value.x === x && String(value.series).includes("create"))?.y;
    expect(created(0, 2)).toBe(0);
    expect(created(1, 2)).toBeCloseTo(Math.log10(784), 4);
  });

  it("leave out what no theorem bounds", () => {
    const relu = boundsChart(fixtureResult({ activations: ["relu"] }));
    expect(relu.panels.flatMap(({ values }) => values).some(({ series }) => String(series).includes("carry"))).toBe(
      false,
    );
  });

  it("have a legend in the file and none in a panel", () => {
    const chart = bettiChart(result, "count", 1);
    expect(JSON.stringify(panelSpec(chart.panels[0]!))).not.toContain('"legend":{"title"');
    expect(JSON.stringify(chartSpec(chart))).toContain('"legend":{"title"');
  });

  it("can be drawn when nothing was measured", async () => {
    const empty = { ...result, networks: [], measurements: [], bounds: [] };
    for (const chart of studyCharts(empty)) await renderSvg(chartSpec(chart));
    for (const panel of bettiChart(empty, "count", 1).panels)
      expect(await renderSvg(panelSpec(panel))).toContain("<svg");
  });
});

describe("widths", () => {
  it("stand by powers of two when few and far apart, else evenly with a handful of ticks", () => {
    expect(widthAxis([2, 4, 8, 16, 32, 62]).scale).toMatchObject({ type: "log", base: 2, domain: [2, 62] });
    const many = widthAxis(Array.from({ length: 31 }, (_, i) => 2 * i + 2));
    expect(many.scale).not.toHaveProperty("type");
    expect((many.axis as { values: number[] }).values.length).toBeLessThanOrEqual(8);
    expect(widthAxis([8]).scale).toMatchObject({ domain: [4, 16] });
  });

  it("stand side by side in the order given when one is a text, and are drawn so", async () => {
    const widths = ["8-4", 16, "64-32-16"];
    expect(widthAxis(widths)).toMatchObject({ type: "ordinal", scale: { domain: widths }, axis: { values: widths } });
    const key = [measuredKey.network];
    const values = widths.map((x, i) => ({ kind: "point", x, y: i, series: measuredKey.network.label }));
    const y = { scale: { domain: [0, 2] }, axis: { title: "y" } };
    const svg = await draw(panelSpec({ ...panelSize, title: "t", values, layer: lines(key, widths, y) }));
    const labels = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map((match) => match[1]);
    expect(labels.filter((label) => widths.map(String).includes(label!))).toEqual(["8-4", "16", "64-32-16"]);
    const centres = [...svg.matchAll(/cx="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(centres).toHaveLength(3);
    expect([...centres].sort((one, other) => one - other)).toEqual(centres);
  });
});

describe("barcodes", () => {
  const one: Diagram = { dimension: 0, births: Float32Array.of(0), deaths: Float32Array.of(Number.POSITIVE_INFINITY) };
  const empty: Diagram = { dimension: 1, births: new Float32Array(0), deaths: new Float32Array(0) };

  it("of one point, of no loop, at threshold 0 and without one", async () => {
    for (const threshold of [0, 2, Number.POSITIVE_INFINITY]) {
      const svg = await draw(barcodeSpec({ title: "one point", diagrams: [one, empty], threshold }));
      expect(svg).toContain("H0: 1 interval, 1 essential");
      expect(svg).toContain("H1: 0 intervals, 0 essential");
      expect(svg).toContain("edge length (diameter)");
      await renderSvg(diagramSpec({ title: "one point", diagrams: [one, empty], threshold }));
    }
  });

  it("give components no more room than loops", () => {
    const many = (dimension: number, n: number): Diagram => ({
      dimension,
      births: new Float32Array(n),
      deaths: Float32Array.from({ length: n }, (_, i) => 1 + i),
    });
    for (const [components, loops] of [
      [200, 20],
      [200, 150],
      [200, 0],
      [10, 100],
    ] as const) {
      const { vconcat } = barcodeSpec({ title: "t", diagrams: [many(0, components), many(1, loops)], threshold: 300 });
      const [h0, h1] = (vconcat as { height: number }[]).map(({ height }) => height);
      expect(h0).toBeLessThanOrEqual(h1!);
    }
  });

  it("keep the longest intervals when there are too many, and say so", () => {
    const n = 1000;
    const many: Diagram = {
      dimension: 1,
      births: Float32Array.from({ length: n }, () => 1),
      deaths: Float32Array.from({ length: n }, (_, i) => 2 + i),
    };
    const spec = JSON.stringify(barcodeSpec({ title: "many", diagrams: [many], threshold: 2000, limit: 10 }));
    expect(spec).toContain("H1: 1000 intervals, 0 essential, the 10 longest shown");
    const deaths = [...spec.matchAll(/"death":(\d+)/g)].map((match) => Number(match[1]));
    expect(deaths).toEqual(Array.from({ length: 10 }, (_, i) => 992 + i));
  });
});

describe("the chart of bounds", () => {
  it("names the readout of its measured line, and writes powers of ten as such", async () => {
    const svg = await draw(chartSpec(boundsChart(result)));
    expect(svg).toContain("measured by count, largest class");
    expect(svg).toContain(">10³⁰</text>");
    expect(svg).not.toContain("10^");
  });
});

describe("persistence diagrams", () => {
  /** Bars of theory.md 7.3 e with their p-values under the universal null. */
  const births = Float32Array.of(1, 1, 1, 1, 1, 1);
  const loops: Diagram = { dimension: 1, births, deaths: Float32Array.of(1.1, 1.2, 1.15, 1.05, 1.3, 3) };

  it("draw the line of the universal null where an interval becomes significant", () => {
    // p = 0.032568 for the ratio 3: with six tests significant from the level 6 · 0.032568 on.
    expect(significantRatio(loops, undefined, 6 * 0.03256)).toBeGreaterThan(3);
    expect(significantRatio(loops, undefined, 6 * 0.03258)).toBeLessThan(3);
    // exp(-exp(x)) = alpha / 6 with x = ln ln ratio - 0.577216 - mean of ln ln ratios, solved by hand.
    const logs = [1.1, 1.2, 1.15, 1.05, 1.3, 3].map((ratio) => Math.log(Math.log(Math.fround(ratio))));
    const mean = logs.reduce((sum, value) => sum + value, 0) / 6;
    expect(significantRatio(loops, undefined, 0.05)).toBeCloseTo(
      Math.exp(Math.log(6 / 0.05) * Math.exp(0.5772156649 + mean)),
      6,
    );
  });

  it("call nothing noise, and mark nothing where nothing could be tested", () => {
    const alone: Diagram = { dimension: 1, births: Float32Array.of(1), deaths: Float32Array.of(28) };
    const both = [loops, { ...alone, dimension: 2 }];
    for (const diagrams of [[alone], both]) {
      const chart = scatterChart({
        name: "x",
        title: "x",
        clouds: [{ title: "x", diagrams }],
        readouts: ["universal-null@0.196"],
      });
      expect(JSON.stringify(chart)).not.toContain("within noise");
      const marked = (chart.panels[0]!.values as { series: string }[]).filter(({ series }) =>
        series.startsWith("significant"),
      );
      // Of the six loops the ratio 3 is significant from 0.1955 on; the void that is alone is not tested.
      expect(marked).toHaveLength(diagrams === both ? 1 : 0);
    }
  });

  it("mark the significant ones, put what never dies on the edge, and do without loops", async () => {
    const noise = Float32Array.from({ length: 60 }, (_, i) => 1.01 + 0.001 * i);
    const strong: Diagram = {
      dimension: 1,
      births: Float32Array.from({ length: 62 }, () => 1),
      deaths: Float32Array.of(...noise, 9, Number.POSITIVE_INFINITY),
    };
    const chart = scatterChart({
      name: "x",
      title: "t",
      clouds: [
        { title: "a", diagrams: [strong] },
        { title: "b", diagrams: [] },
      ],
      readouts: ["count", "ratio>1.5", "universal-null@0.05"],
    });
    const points = chart.panels[0]!.values.filter(({ kind }) => kind === "interval");
    expect(points.filter(({ series }) => String(series).startsWith("significant")).map(({ y }) => y)).toEqual([
      9,
      expect.closeTo(9 ** 1.06, 3),
    ]);
    expect(chart.panels[1]!.title).toBe("b: 0 intervals");
    await draw(chartSpec(chart));
    const plain = scatterChart({
      name: "x",
      title: "t",
      clouds: [{ title: "a", diagrams: [strong] }],
      readouts: ["count"],
    });
    expect(plain.key.map(({ label }) => label)).toEqual(["interval"]);
  });
});

describe("a full study", () => {
  it("draws confidence intervals of the median where there are enough trainings", () => {
    const { panels, caption } = bettiChart(full, "count", 1);
    expect(caption).toContain("confidence interval of the median over 5 trainings (94 %, by order statistics)");
    const values = [1, 2, 3, 4, 5].map((seed) => {
      const own = full.measurements.filter(
        (one) => one.source === "network" && one.width === 8 && one.layer === 1 && one.seed === seed,
      );
      return spreadOf(own.map((one) => one.readouts[0]!.betti[1]!))!.median;
    });
    expect(panels[0]!.values.find(({ x, series }) => x === 8 && series === "trained network")).toMatchObject({
      y: spreadOf(values)!.median,
      low: Math.min(...values),
      high: Math.max(...values),
    });
    expect(panels[0]!.values.some(({ series }) => series === "Gaussian null")).toBe(true);
  });

  it("puts the numbers of curves, distances, losses and the choice into tables", () => {
    for (const name of [
      "choice",
      "curves-controls",
      "curves-widths",
      "distances-bottleneck",
      "distances-wasserstein",
      "loss",
    ]) {
      const { table } = studyCharts(full).find((chart) => chart.name === name)!;
      expect(table!.rows.length).toBeGreaterThan(2);
      for (const row of table!.rows) expect(row).toHaveLength(table!.header.length);
    }
    const { table } = studyCharts(full).find(({ name }) => name === "choice")!;
    const kept = full.recommendation.byActivation[0]!.network.find(({ width }) => width === 32)!.fractionKept!;
    expect(table!.rows[2]![3]).toBe(`${(100 * kept).toFixed(1)} %`);
  });
});

describe("rendering", () => {
  const spec = chartSpec(bettiChart(result, "count", 1));

  it("gives the same bytes every time, and in any order", async () => {
    const first = await renderSvg(spec);
    await renderSvg(chartSpec(boundsChart(result)));
    expect(await renderSvg(spec)).toBe(first);
  });

  it("uses colours of the palette only, so that every one follows the theme", async () => {
    for (const chart of studyCharts(result)) {
      const svg = toThemeVariables(await renderSvg(panelSpec(chart.panels[0]!)));
      expect(
        [...svg.matchAll(/(?:fill|stroke)="(?!var\(--|none|transparent)([^"]*)"/g)].map((match) => match[1]),
      ).toEqual([]);
    }
  });

  it("has a different light value for every role", () => {
    const values = Object.values(palette).map(({ light }) => light);
    expect(new Set(values).size).toBe(values.length);
  });

  it("names the picture for screen readers", async () => {
    for (const chart of studyCharts(result))
      expect(await renderSvg(chartSpec(chart))).toMatch(new RegExp(`^<svg [^>]*><title>${chart.title.slice(0, 20)}`));
  });

  it("makes a PNG, its words in the font that bettina brings", async () => {
    const png = await renderPng(await renderSvg(spec));
    expect(Buffer.from(png.subarray(1, 4)).toString()).toBe("PNG");
    // Without a font resvg draws no words at all, and every family falls back to the one at hand.
    const text = (words: string, family: string) =>
      renderPng(
        `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="20"><text y="15" font-family="${family}">${words}</text></svg>`,
      );
    expect(await text("b₁ ≥ 10³⁰", "Inter")).not.toEqual(await text("", "Inter"));
    expect(await text("b₁ ≥ 10³⁰", "No Such Font")).toEqual(await text("b₁ ≥ 10³⁰", "Inter"));
  });
});
