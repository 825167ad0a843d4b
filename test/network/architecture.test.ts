import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { parameterCount, parseArchitecture, sweepWidths } from "../../src/network/architecture.js";

describe("parseArchitecture", () => {
  it("reads layer sizes and the activation", () => {
    expect(parseArchitecture("784-64-64-64:square")).toEqual({
      widths: [784, 64, 64, 64],
      activation: "square",
      outputActivation: "linear",
    });
    expect(parseArchitecture(" 2-3:relu ")).toEqual({ widths: [2, 3], activation: "relu", outputActivation: "linear" });
    expect(parseArchitecture("5-1:leaky-relu").activation).toBe("leaky-relu");
  });

  it.each([
    ["784-0-10:relu", 'Expected a positive integer for layer size, got "0".'],
    ["784--10:relu", 'Expected a positive integer for layer size, got "".'],
    ["784-6.5-10:relu", 'Expected a positive integer for layer size, got "6.5".'],
    ["784-1e3-10:relu", 'Expected a positive integer for layer size, got "1e3".'],
    ["784-x-10:relu", 'Expected a positive integer for layer size, got "x".'],
    ["784-99999999999999999999:relu", 'Expected a positive integer for layer size, got "99999999999999999999".'],
    [":relu", 'Expected a positive integer for layer size, got "".'],
    ["784:relu", "Expected at least two layer sizes for widths, got [784]."],
    ["784-64", 'Expected layer sizes, a colon and an activation for architecture, got "784-64".'],
    ["784-64:", 'Expected layer sizes, a colon and an activation for architecture, got "784-64:".'],
    [
      "784-64:relu:square",
      'Expected layer sizes, a colon and an activation for architecture, got "784-64:relu:square".',
    ],
    ["", 'Expected layer sizes, a colon and an activation for architecture, got "".'],
  ])("refuses %j", (text, message) => {
    expect(() => parseArchitecture(text)).toThrow(ConfigError);
    expect(() => parseArchitecture(text)).toThrow(`${message} Write layer sizes and an activation, for instance`);
  });
});

describe("sweepWidths", () => {
  it("puts equal hidden layers between input and classes", () => {
    expect(sweepWidths(784, 8, 3, 10)).toEqual([784, 8, 8, 8, 10]);
    expect(sweepWidths(784, 8, 0, 10)).toEqual([784, 10]);
  });

  it("refuses width 0 and a broken number of layers", () => {
    expect(() => sweepWidths(784, 0, 3, 10)).toThrow("Expected a positive integer for layer size, got 0.");
    expect(() => sweepWidths(784, 8, 1.5, 10)).toThrow(ConfigError);
    expect(() => sweepWidths(784, 8, -1, 10)).toThrow(ConfigError);
  });
});

describe("parameterCount", () => {
  it("counts kernels, biases, scales and shifts", () => {
    // 784·8 + 8 + 8·8 + 8 + 8·8 + 8 + 8·10 + 10
    expect(parameterCount([784, 8, 8, 8, 10])).toBe(6280 + 72 + 72 + 90);
    // and scale and shift of 3 layers of 8, once or twice
    expect(parameterCount([784, 8, 8, 8, 10], "after-activation")).toBe(6514 + 48);
    expect(parameterCount([784, 8, 8, 8, 10], "around-activation")).toBe(6514 + 96);
    expect(parameterCount([2, 3], "around-activation")).toBe(9);
  });
});
