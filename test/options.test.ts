/** Options from JavaScript: unknown names are refused, and the right one is told. */
import { describe, expect, it } from "vitest";
import { checkFields, checkKeys, isRecord, nearestName } from "../src/options.js";
import { persistence, persistenceKeys } from "../src/topology/persistence.js";

const square = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

describe("nearestName", () => {
  // The words of ripser.py 0.6 (maxdim, thresh, coeff, do_cocycles, n_perm), GUDHI 3 (max_edge_length, max_dimension,
  // homology_coeff_field) and giotto-tda (homology_dimensions, n_jobs), as their documentations have them.
  it.each([
    ["maxdim", "maxDim"],
    ["max_dim", "maxDim"],
    ["max_dimension", "maxDim"],
    ["homology_dimensions", "maxDim"],
    ["thresh", "threshold"],
    ["tresholt", "threshold"],
    ["max_edge_length", "threshold"],
    ["coeff", "modulus"],
    ["homology_coeff_field", "modulus"],
    ["p", "modulus"],
    ["do_cocycles", "representatives"],
    ["n_perm", "landmarks"],
    ["n_jobs", "threads"],
    ["thread", "threads"],
    ["metirc", "metric"],
    ["timeOut", "timeout"],
    ["zerolength", "zeroLength"],
    ["onprogress", "onProgress"],
  ])("takes %s for %s", (written, meant) => {
    expect(nearestName(written, Object.keys(persistenceKeys))).toBe(meant);
  });

  it("says nothing where nothing is near", () => {
    for (const far of ["verbose", "x", "", "constructor", "__proto__", "seed"])
      expect(nearestName(far, Object.keys(persistenceKeys))).toBeUndefined();
  });

  it("takes p for an order before a modulus", () => {
    expect(nearestName("p", ["order", "ground"])).toBe("order");
  });
});

describe("checkKeys", () => {
  const known = { maxDim: true, seed: true } as const;

  it("lets known names, undefined and nothing pass, and symbols and methods", () => {
    class Options {
      maxDim = 1;
      describe() {
        return "one loop";
      }
    }
    for (const value of [undefined, {}, { maxDim: 1 }, { maxdim: undefined }, { [Symbol("x")]: 1 }, new Options()])
      expect(() => checkKeys(value, known, "options")).not.toThrow();
    expect(() => checkKeys(Object.create({ maxDim: 2 }), known, "options")).not.toThrow();
    expect(() => checkKeys(Object.assign(Object.create(null), { seed: 2 }), known, "options")).not.toThrow();
  });

  it("refuses unknown names with the nearest right one, else with all", () => {
    expect(() => checkKeys({ maxdim: 2 }, known, "the options of f")).toThrow(
      'Expected a known name for the options of f, got "maxdim". Write maxDim.',
    );
    expect(() => checkKeys({ verbose: true }, known, "options")).toThrow("Known are maxDim, seed.");
    expect(() => checkKeys({ distance_matrix: true }, known, "options")).toThrow("Pass a distance matrix as the input");
    // What is inherited is read by the function as well.
    expect(() => checkKeys(Object.create({ maxdim: 2 }), known, "options")).toThrow("Write maxDim.");
    expect(() =>
      checkKeys(
        new (class {
          get maxdim() {
            return 2;
          }
        })(),
        known,
        "options",
      ),
    ).toThrow("Write maxDim.");
    expect(() => checkKeys(JSON.parse('{"__proto__": 1}'), known, "options")).toThrow("Known are");
  });

  it.each([
    null,
    1,
    "maxDim",
    true,
    [],
    [1],
    () => 1,
    new Map(),
    new Date(0),
    Promise.resolve({}),
    new Float32Array(2),
  ])("refuses %s, which is no object with named fields", (value) => {
    expect(isRecord(value)).toBe(false);
    expect(() => checkKeys(value, known, "options")).toThrow("Expected an object with named fields for options");
  });

  it("asks for an object that must be there", () => {
    expect(() => checkFields(undefined, known, "the grid")).toThrow(
      "Expected an object with named fields for the grid",
    );
    expect(() => checkFields({ maxDim: 1 }, known, "the grid")).not.toThrow();
  });
});

describe("persistence", () => {
  it("refuses the names of other packages", async () => {
    await expect(persistence(square, { maxdim: 2 } as object)).rejects.toThrow(
      'Expected a known name for the options of persistence, got "maxdim". Write maxDim.',
    );
    await expect(persistence(square, null as never)).rejects.toThrow(
      "Expected an object with named fields for the options of persistence, got null. Leave it out for the defaults.",
    );
  });

  it("knows every name of its options", async () => {
    const all = Object.fromEntries(Object.keys(persistenceKeys).map((key) => [key, undefined]));
    const { diagrams } = await persistence(square, all);
    expect(Array.from(diagrams[1]!.births)).toEqual([1]);
  });
});
