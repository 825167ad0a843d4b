import { describe, expect, it } from "vitest";
import { type Counted, mergingOf, mergingSentences } from "../../src/selection/merging.js";

/** Distinct points (of 10) by width, training, class and layer, the first layer 1; and components at scale 3. */
function study(widths: Record<number, number[][][]>, input = [10, 10], components?: typeof widths): Counted[] {
  const cloud = (source: Counted["source"], at: Partial<Counted>, distinct: number, b0: number | null): Counted => ({
    source,
    width: null,
    activation: source === "input" ? null : "relu",
    seed: null,
    layer: 0,
    class: 0,
    subsample: 0,
    points: 10,
    distinctPoints: distinct,
    readouts: [
      { readout: "ratio>1.1", betti: [null, 4] },
      // A number of components, but at a scale of each cloud's own.
      { readout: "paper-corrected", betti: [source === "input" ? 9 : 2, 1] },
      ...(components ? [{ readout: "at-scale=3", betti: [b0, 1] }] : []),
    ],
    ...at,
  });
  return [
    ...input.map((distinct, label) => cloud("input", { class: label }, distinct, 5)),
    ...Object.entries(widths).flatMap(([width, trainings]) =>
      trainings.flatMap((classes, seed) =>
        classes.flatMap((layers, label) =>
          layers.map((distinct, i) =>
            cloud(
              "network",
              { width: Number(width), seed: seed + 1, class: label, layer: i + 1 },
              distinct,
              components?.[Number(width)]?.[seed]?.[label]?.[i] ?? null,
            ),
          ),
        ),
      ),
    ),
    // Neither another activation nor a control is this network's doing.
    cloud("network", { width: 2, seed: 1, layer: 1, activation: "square" }, 1, 1),
    cloud("untrained", { width: 2, seed: 1, layer: 1 }, 1, 1),
    cloud("projection", { width: 2, seed: 1, activation: null }, 1, 1),
  ];
}

const merging = (measurements: Counted[], rest: { paired?: boolean; readouts?: string[] } = {}) =>
  mergingOf({
    measurements,
    activation: "relu",
    widths: [2, 4, 8, 16],
    readouts: ["ratio>1.1", "paper-corrected", "at-scale=3"],
    paired: true,
    ...rest,
  });
const words = (of: ReturnType<typeof merging>) => mergingSentences(of).join("\n");

// Width 2: the first training merges in layer 2 of class 1, the second from layer 1 on, the third nowhere.
const widths = {
  8: [[[10, 10, 10]]],
  2: [
    [
      [10, 10, 10],
      [10, 9, 7],
    ],
    [
      [10, 10, 4],
      [6, 6, 6],
    ],
    [
      [10, 10, 10],
      [10, 10, 10],
    ],
  ],
};

describe("images merged", () => {
  it("are found in the first layer that has fewer distinct points than the input", () => {
    expect(merging(study(widths))).toEqual({
      activation: "relu",
      comparedWith: "input",
      images: [
        {
          width: 2,
          trainings: 3,
          affected: 2,
          first: { layer: 1, trainings: 1 },
          worst: { layer: 3, class: 0, left: 4, of: 10 },
        },
        { width: 8, trainings: 1, affected: 0, first: null, worst: null },
      ],
      atScale: [],
    });
  });

  it("are counted against the distinct images of the class, not against the points drawn", () => {
    // Class 1 was drawn with replacement: 6 different images of 10.
    expect(merging(study({ 2: [[[10], [6]]] }, [10, 6])).images[0]!.first).toBeNull();
    expect(merging(study({ 2: [[[10], [5]]] }, [10, 6])).images[0]!.worst).toEqual({
      layer: 1,
      class: 1,
      left: 5,
      of: 6,
    });
  });

  it("choose the worst by the share left", () => {
    expect(merging(study({ 2: [[[5], [4]]] }, [10, 6])).images[0]!.worst).toMatchObject({ class: 0, left: 5, of: 10 });
  });

  it("are sought from layer 2 on where the input was measured on other images", () => {
    const found = merging(
      study({
        2: [
          [
            [9, 8, 8],
            [8, 8, 8],
          ],
        ],
      }),
      { paired: false },
    );
    expect(found.comparedWith).toBe("layer before");
    expect(found.images[0]).toMatchObject({
      first: { layer: 2, trainings: 1 },
      worst: { layer: 2, class: 0, left: 8, of: 9 },
    });
    expect(words(found)).toMatch(/What layer 1 merges cannot be said/);
    expect(words(merging(study(widths)))).not.toMatch(/cannot be said/);
  });

  it("are told as a statement about these images", () => {
    const text = words(merging(study(widths)));
    expect(text).toContain(
      "Width 2: images merged, first at layer 1 (1 of 3 trainings with fewer distinct points than the input there; at worst 4 of 10 left, class 0, layer 3).",
    );
    expect(text).toContain("Width 8: no layer measured has fewer distinct points than the input.");
    expect(text).toContain("It is a statement about these images");
    expect(text).toContain("no readout of this study counts them at one scale");
    const none = words(merging(study({ 8: [[[10]]] })));
    expect(none).toContain("does not show that the data's components are kept");
    expect(none).not.toContain("Images merged:");
    expect(mergingSentences(merging([]))).toEqual([
      "N2. No network was measured: nothing can be said about components.",
    ]);
  });
});

describe("components at one scale", () => {
  it("are compared by every readout that fixes the scale, where it defines them", () => {
    // The input has 5 components at scale 3; width 2 has 3 from layer 2 on, width 8 none recorded in layer 1.
    const measurements = study({ 2: [[[10, 10]]], 8: [[[10, 10]]] }, [10, 10], { 2: [[[5, 3]]], 8: [[[7]]] });
    const found = merging(measurements);
    expect(found.atScale).toEqual([
      {
        readout: "at-scale=3",
        widths: [
          {
            width: 2,
            trainings: 1,
            affected: 1,
            first: { layer: 2, trainings: 1 },
            worst: { layer: 2, class: 0, left: 3, of: 5 },
          },
          { width: 8, trainings: 1, affected: 0, first: null, worst: null },
        ],
      },
    ]);
    const text = words(found);
    expect(text).toContain(
      "Width 2, by at-scale=3: fewer components first at layer 2 (1 of 1 training with fewer than the input there; at worst 3 of 5 left, class 0, layer 2).",
    );
    expect(text).toContain("Width 8, by at-scale=3: no layer measured has fewer components than the input.");
    expect(text).toContain("fewer at it does not show that components of the data merged");
    expect(text).not.toContain("no readout of this study");
    expect(merging(measurements, { readouts: ["ratio>1.1"] }).atScale).toEqual([]);
  });
});
