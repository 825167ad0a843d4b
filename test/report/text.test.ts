import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { carryBounds, layerBounds } from "../../src/bounds/layer-bounds.js";
import { formatComparison } from "../../src/report/comparison-text.js";
import { formatHomology } from "../../src/report/homology-text.js";
import { findRow, summarise } from "../../src/report/summary.js";
import { wrap } from "../../src/report/terminal.js";
import { formatBoundsTable, formatReasons, formatRecommendation, formatStudyTable } from "../../src/report/text.js";
import type { PersistenceResult } from "../../src/topology/persistence.js";
import { fixtureResult } from "./fixture.js";

describe("formatStudyTable", () => {
  const result = fixtureResult();
  const table = formatStudyTable(result);

  it("fits into 80 columns", () => {
    expect(Math.max(...table.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("has a table per activation for the readout that decides and for the count, with controls and input", () => {
    const titles = table.split("\n").filter((line) => line.includes("median over classes"));
    expect(titles.map((title) => title.split(",")[0])).toEqual([
      "relu: b1 by ratio>1.1",
      "square: b1 by ratio>1.1",
      "relu: b1 by count",
      "square: b1 by count",
    ]);
    const summary = summarise(result, "count", 1);
    const input = summary.input!.median;
    // A star marks what is below the input's.
    const of = (source: "network" | "untrained" | "projection", layer: number) => {
      const { median } = findRow(summary, source, "square", 32, layer)!.spread!;
      return `${median}${median < input ? "*" : ""}`;
    };
    const row = table
      .split("square: b1 by count")[1]!
      .split("\n")
      .find((line) => line.startsWith("     32"))!;
    expect(
      row
        .trim()
        .split(/\s{2,}/)
        .slice(2),
    ).toEqual([of("projection", 0), ...[1, 2, 3].flatMap((layer) => [of("network", layer), of("untrained", layer)])]);
  });

  it("has tables of voids where some class of the input has one", () => {
    const titlesWith = (voids: number) => {
      const { config, measurements } = result;
      const measured = measurements.map((one) => ({
        ...one,
        readouts: one.readouts.map(({ readout, betti }) => ({
          readout,
          betti: [...betti, one.source === "input" && one.class === 3 && readout === "count" ? voids : 0],
        })),
      }));
      const homology = { ...config.homology, maxDim: 2 };
      const text = formatStudyTable({ ...result, config: { ...config, homology }, measurements: measured });
      return text.split("\n").flatMap((line) => /^\w+: (b2 by .*), median/.exec(line)?.[1] ?? []);
    };
    expect(titlesWith(1)).toEqual(["b2 by count", "b2 by count"]);
    expect(titlesWith(0)).toEqual([]);
  });

  it("marks medians below the input's so that it shows without colours, and says what the mark means", () => {
    expect(table.match(/\d\*/g)!.length).toBeGreaterThan(10);
    expect(table).toContain("*: the median is below the input's.");
  });

  it("colours only when asked to", () => {
    expect(stripVTControlCharacters(table)).toBe(table);
    const coloured = formatStudyTable(result, { colour: true });
    expect(coloured).not.toBe(table);
    expect(stripVTControlCharacters(coloured)).toBe(table);
  });
});

describe("formatRecommendation", () => {
  it("prints how strong it is and the bottom line", () => {
    const result = fixtureResult();
    const text = formatRecommendation(result, { columns: 10_000 });
    expect(text.split("\n")).toEqual(["Recommendation (indicative, one training)", result.recommendation.summary]);
    expect(result.recommendation.summary).toMatch(/^In short: /);
  });
});

describe("formatReasons", () => {
  it("prints every sentence, those of one activation under its name", () => {
    const result = fixtureResult();
    const text = formatReasons(result, { columns: 10_000 });
    for (const sentence of result.recommendation.sentences)
      expect(text).toContain(sentence.replace(/^(relu|square): ./, "").slice(1));
    expect(text).toMatch(/\nrelu\n- [\s\S]*\nsquare\n- [\s\S]*\nIn general\n- /);
  });
});

describe("formatBoundsTable", () => {
  const widths = [784, 2, 2];
  const text = formatBoundsTable({
    title: "784-2-2, square",
    created: layerBounds({ widths, activation: "square" }),
    carried: carryBounds({ widths, activation: "square", dataDegree: 2 }),
  });

  it("shows the values of theory 2.4 and 2.5 for ranks (2, 2): U_1 = 1943 over any field, I_1(2) = 60", () => {
    const row = text.split("\n").find((line) => /^\s+2\s+2\s+1\s/.test(line))!;
    expect(row.trim().split(/\s{2,}/)).toEqual(["2", "2", "1", "1943", "[4]", "60", "[2]"]);
    expect(text).toContain("any field");
    expect(text).toContain("proven here");
  });

  it("says n/a and why where no theorem applies", () => {
    const relu = formatBoundsTable({
      title: "relu",
      created: layerBounds({ widths, activation: "relu" }),
      carried: carryBounds({ widths, activation: "relu" }),
    });
    expect(relu).toContain("n/a");
    expect(relu).toContain("polynomial activations");
  });

  it("prints the steps when asked to explain", () => {
    const steps = { title: "t", created: layerBounds({ widths, activation: "square" }), carried: [] };
    const carried = carryBounds({ widths, activation: "square" });
    expect(formatBoundsTable({ ...steps, carried }, { explain: true })).toContain("layer 2 creates, b1:");
  });
});

describe("formatHomology", () => {
  const result: PersistenceResult = {
    diagrams: [
      { dimension: 0, births: Float32Array.of(0, 0, 0), deaths: Float32Array.of(0.5, 0.75, Number.POSITIVE_INFINITY) },
      { dimension: 1, births: Float32Array.of(1, 1.25), deaths: Float32Array.of(1.5, 3) },
    ],
    n: 3,
    maxDim: 1,
    modulus: 2,
    metric: "euclidean",
    threshold: 4,
    enclosingRadius: 4,
    distances: "f64",
    columns: [0, 0],
    plans: ["lazy", "lazy"],
    memory: 0,
  };

  it("counts intervals and essential ones, and lists the longest loops first", () => {
    expect(formatHomology("x.csv", result)).toBe(
      [
        "x.csv: 3 points, metric euclidean, edges up to 4, coefficients in Z/2",
        "      intervals  essential  longest that ends",
        "  H0          3          1  [0, 0.75)",
        "  H1          2          0  [1.25, 3)",
        "H1, longest first:",
        "  [1.25, 3)",
        "  [1, 1.5)",
      ].join("\n"),
    );
  });
});

describe("wrap", () => {
  it("breaks between words, never before a percent sign", () => {
    expect(wrap("aa bb cc", 6, "- ", "  ")).toBe("- aa\n  bb\n  cc");
    expect(wrap("aa 10 % b", 6)).toBe("aa\n10 % b");
  });
});

describe("whether topology helps", () => {
  it("says what accuracy chooses, what the choice costs here, and that topology added nothing", () => {
    const result = fixtureResult({ activations: ["relu"] });
    const { byAccuracy } = result.comparisons[0]!;
    const times = byAccuracy!.jobs.map((job) => ({ job, trainingSeconds: 7.5 }));
    const text = formatComparison(result, times);
    expect(text.split("\n")[0]).toBe("Does topology help?");
    expect(text.replace(/\s+/g, " ")).toContain(`one training took 7.5 s at width ${byAccuracy!.width}`);
    for (const sentence of result.comparisons[0]!.sentences) expect(text.replace(/\s+/g, " ")).toContain(sentence);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(formatComparison(result, [])).not.toContain("took");
  });
});
