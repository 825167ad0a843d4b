import { expect, it } from "vitest";
import {
  algebraicSetBound,
  boundFromJson,
  boundRows,
  boundToJson,
  compareBounds,
  describeField,
  formatBound,
  layerBounds,
} from "../../src/bounds/index.js";

it("bounds are short for people", () => {
  expect(formatBound(algebraicSetBound({ degree: 2, variables: 3 }))).toBe("18");
  expect(formatBound(algebraicSetBound({ degree: 2, variables: 24 }))).toBe("188286357654"); // 2 · 3^23, 12 digits
  expect(formatBound(algebraicSetBound({ degree: 2, variables: 27 }))).toBe("≈ 10^12.71");
  expect(formatBound(algebraicSetBound({ degree: 2, variables: 784 }))).toBe("≈ 10^373.9");
  const zero = layerBounds({ widths: [784, 2], activation: "square" })[1]!.bound!;
  expect([formatBound(zero), formatBound(boundFromJson(zero))]).toEqual(["0", "0"]);
});

it("rows hold text, with n/a and its reason", () => {
  const rows = boundRows([
    ...layerBounds({ widths: [784, 2, 2], activation: "square" }),
    ...layerBounds({ widths: [784, 2, 2], activation: "gelu" }),
  ]);
  expect(rows[3]).toEqual({
    layer: "2",
    width: "2",
    k: "1",
    bound: "≤ 1943",
    field: "any field",
    theorem: "layer image (Gabrielov–Vorobjov–Zell descent)",
    source: expect.stringMatching(/derived/),
    status: "proven here",
  });
  expect(rows[7]).toMatchObject({
    bound: "n/a",
    field: "",
    theorem: "no theorem applies to this activation",
    status: "",
  });
});

it("fields have names", () => {
  expect([describeField("any"), describeField("mod2"), describeField("char0")]).toEqual([
    "any field",
    "Z/2 and characteristic 0",
    "characteristic 0, or a prime above k + 2",
  ]);
});

it("bounds go through JSON unchanged, and compare", () => {
  const small = algebraicSetBound({ degree: 2, variables: 3 });
  const large = algebraicSetBound({ degree: 2, variables: 4000 });
  const huge = algebraicSetBound({ degree: 2, variables: 400_000 });
  expect(huge.exact).toBeUndefined();
  for (const bound of [small, large, huge]) {
    expect(boundFromJson(JSON.parse(JSON.stringify(boundToJson(bound))))).toEqual(bound);
  }
  expect(boundFromJson(layerBounds({ widths: [4, 2], activation: "relu" })[1]!.bound!).log10).toBe(-Infinity);
  expect([compareBounds(small, large), compareBounds(huge, large), compareBounds(large, large)].map(Math.sign)).toEqual(
    [-1, 1, 0],
  );
});
