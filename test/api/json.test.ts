/** JSON.stringify of what the public functions give: lists of numbers, no objects of digits, no error for large integers. */
import { describe, expect, it } from "vitest";
import * as bounds from "../../src/bounds/index.js";
import * as api from "../../src/index.js";

const points = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
const parsed = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Places where a typed array was written as an object of digits. */
function digits(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (!Array.isArray(value) && "0" in value) return [path];
  return Object.entries(value).flatMap(([key, inner]) => digits(inner, `${path}.${key}`));
}

describe("JSON.stringify", () => {
  it("writes a result as lists, diagrams as pairs and essential deaths as null", async () => {
    const result = await api.persistence(points);
    const { births, deaths } = result.diagrams[0]!;
    const components = [
      [0, 1],
      [0, 1],
      [0, 1],
      [0, null],
    ];
    // The diagonal of the unit square in float32, as its shortest decimals.
    const loop = [[1, Number(Math.fround(Math.SQRT2).toPrecision(8))]];
    expect(parsed(result).diagrams).toEqual([components, loop]);
    expect(parsed(result.diagrams[1])).toEqual(loop);
    expect(parsed({ ...result.diagrams[0] }).deaths).toEqual([1, 1, 1, null]);
    expect(parsed([births, deaths])).toEqual([
      [0, 0, 0, 0],
      [1, 1, 1, null],
    ]);
    expect(api.diagramFromJson(1, parsed(result.diagrams[1]))).toEqual(result.diagrams[1]);
    expect(parsed({ ...result, threshold: Infinity }).threshold).toBeNull();
    expect(structuredClone(births)).toEqual(births);
    expect(Object.keys(result.diagrams[0]!)).toEqual(["dimension", "births", "deaths"]);
    const { diagrams } = structuredClone(result);
    expect(diagrams[1]!.deaths).toEqual(result.diagrams[1]!.deaths);
    for await (const { diagrams: other } of api.persistenceMany([points], { threads: 2 }))
      expect(JSON.stringify(other)).toBe(JSON.stringify(result.diagrams));
  });

  it("writes representatives beside the diagrams", async () => {
    const result = await api.persistence(points, { representatives: true });
    const { representatives } = parsed(result);
    expect(representatives[1][0].cycle).toHaveLength(4);
    expect(digits(parsed(result.diagrams[1]!.representatives))).toEqual([]);
  });

  it("writes every other result that holds numbers as lists", async () => {
    const result = await api.persistence(points, { landmarks: { count: 3 } });
    const whole = await api.persistence(points);
    const curve = api.bettiCurve(whole.diagrams[1]!);
    const sparse = await api.sparseRips(points, 0.5);
    const weights = api.initialNetwork(api.parseSpec({ widths: [2, 3, 2], activation: "relu" }), 1);
    const backend = await api.openBackend({ prefer: "cpu" });
    const cloud = api.gaussianPoints(4, 2, 1);
    const given = {
      result,
      curve,
      normalised: api.normaliseCurve(curve, 2),
      sampled: api.sampleCurve(curve, [0, 1]),
      grid: api.scaleGrid({ to: 1, count: 3 }),
      band: api.curveBand([[1, 2]]),
      distances: await api.pairwiseDistances(points),
      context: await api.readoutContext(points),
      landmarks: await api.selectLandmarks(points, { count: 2 }),
      part: api.takePoints({ data: Float32Array.of(0, 1, 2, 3), shape: [2, 2] }, [1]),
      sparse,
      cloud,
      projected: api.projectPoints(points, 2, 1),
      pValues: api.universalNullPValues(whole.diagrams[1]!),
      forecast: await api.forecast(points),
      activations: api.activations(backend, weights, cloud),
    };
    for (const [name, value] of Object.entries(given)) expect(digits(parsed(value)), name).toEqual([]);
    expect(parsed(given.grid)).toEqual([0, 0.5, 1]);
    expect(parsed(given.landmarks.radii)[0]).toBeNull();
    expect(parsed(result.landmarks!.indices)).toHaveLength(3);
  });

  it("writes bounds with their integers in full", () => {
    // Σ C(5, j) over j = 0..2: five lines cut the plane into at most sixteen cells.
    const cells = bounds.hyperplaneCells({ hyperplanes: 5, dimension: 2 });
    expect(parsed(cells).exact).toBe("16");
    expect(bounds.boundFromJson(parsed(cells))).toEqual(cells);
    expect(parsed(bounds.layerBounds({ widths: [784, 2, 2], activation: "square" })).length).toBeGreaterThan(0);
  });
});
