import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { type Activation, activateInPlace, isActivation, parseActivation } from "../../src/network/activation.js";
import { parseArchitecture } from "../../src/network/architecture.js";
import { activationOf } from "./reference.js";

const known = [
  "relu",
  "square",
  "identity",
  "tanh",
  "leaky-relu",
  "leaky-relu:0.3",
  "poly:0,1,0.5",
  "poly:-0.25,0.5,0,0.125",
  "poly:1,2",
];

describe("activations", () => {
  it.each(known)("%s on plain arrays is the function rounded once", (name) => {
    const values = Float32Array.of(-3, -1.5, -0.1, -0, 0, 1e-8, 0.1, 0.7, 2, 30);
    const { value, slope } = activationOf(name);
    const want = values.map(value);
    activateInPlace(parseActivation(name), values);
    values.forEach((got, i) => {
      // One unit in the last place: the reference may round its sums in another order.
      expect(Math.abs(got - want[i]!)).toBeLessThanOrEqual(2 ** -23 * Math.abs(want[i]!));
    });
    for (const x of [-2, -0.3, 0.4, 1.7]) expect((value(x + 1e-6) - value(x - 1e-6)) / 2e-6).toBeCloseTo(slope(x), 6);
  });

  it("have names with parameters", () => {
    expect(parseActivation("leaky-relu")).toEqual({ kind: "leaky-relu", slope: 0.01 });
    expect(parseActivation("leaky-relu:0.25")).toEqual({ kind: "leaky-relu", slope: 0.25 });
    expect(parseActivation("poly:0,1,0.5")).toEqual({ kind: "polynomial", coefficients: [0, 1, 0.5] });
    expect(parseActivation("poly:-1e-3,.5,+2.")).toEqual({ kind: "polynomial", coefficients: [-0.001, 0.5, 2] });
    expect(parseArchitecture("784-64-32-16-10:poly:0,1,-0.5")).toEqual({
      widths: [784, 64, 32, 16, 10],
      activation: "poly:0,1,-0.5",
      outputActivation: "linear",
    });
    expect(parseArchitecture("2-8-2:leaky-relu:0.1").activation).toBe("leaky-relu:0.1");
  });

  it.each([
    "sine",
    "",
    "relu:1",
    "leaky-relu:0",
    "leaky-relu:1",
    "leaky-relu:x",
    "leaky-relu:0.1,0.2",
    "poly",
    "poly:",
    "poly:1",
    "poly:1,0",
    "poly:1,,2",
    "poly:0x1,2",
    "poly:1e999,1",
    `poly:${new Array(18).fill(1).join()}`,
  ])("are not named %j", (name) => {
    expect(isActivation(name)).toBe(false);
    expect(() => parseActivation(name as Activation)).toThrow(ConfigError);
  });
});
