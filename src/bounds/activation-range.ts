/** What interval arithmetic needs to know of an activation: where it may fold, and what it makes of an interval. */
import { ConfigError, expected } from "../errors.js";

/** An interval of reals. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** An activation on an interval; every rounding error is on the safe side. */
export interface RangeRule {
  /** False only where the activation is proven one-to-one on the interval. */
  readonly folds: (range: Range) => boolean;
  /** An interval that holds all values on the given one. */
  readonly image: (range: Range) => Range;
}

const up = 1 + 4 * Number.EPSILON;

const atZero = ({ low, high }: Range) => low <= 0 && high >= 0;
const never = () => false;

const rules: Readonly<Record<string, RangeRule>> = {
  relu: { folds: atZero, image: ({ low, high }) => ({ low: Math.max(0, low), high: Math.max(0, high) }) },
  square: {
    folds: atZero,
    image: ({ low, high }) => ({
      low: low <= 0 && high >= 0 ? 0 : Math.min(low * low, high * high) / up,
      high: Math.max(high * high, low * low) * up,
    }),
  },
  identity: { folds: never, image: (range) => range },
  tanh: {
    folds: never,
    image: ({ low, high }) => ({
      low: Math.max(-1, Math.tanh(low) - 4 * Number.EPSILON),
      high: Math.min(1, Math.tanh(high) + 4 * Number.EPSILON),
    }),
  },
};

/**
 * The rule of an activation by its name: `relu`, `square`, `tanh`, `identity`, `leaky-relu:0.1`, `poly:c0,...,cd`. Of
 * polynomials of degree 3 or more nothing is proven but the range: every unit counts as one that may fold.
 * @throws ConfigError for any other
 */
export function rangeRule(activation: string): RangeRule {
  const known = Object.hasOwn(rules, activation) ? rules[activation] : undefined;
  if (known) return known;
  const [, name, text = ""] = /^(leaky-relu|poly)(?::(.+))?$/.exec(activation) ?? [];
  const numbers = text === "" ? [] : text.split(",").map(Number);
  const sound = numbers.every(Number.isFinite);
  const [slope = 0.01] = numbers;
  if (name === "leaky-relu" && sound && numbers.length <= 1 && slope > 0 && slope < 1) return leaky(slope);
  if (name === "poly" && sound && numbers.length >= 2 && numbers.at(-1) !== 0) return polynomial(numbers);
  throw new ConfigError(
    expected(
      "one of relu, square, tanh, identity, leaky-relu:<slope> or poly:<coefficients>",
      "activation",
      activation,
    ),
    { hint: "Units are certified not to fold for activations whose turning points are known." },
  );
}

function leaky(slope: number): RangeRule {
  const value = (x: number) => (x < 0 ? slope * x : x);
  // Away from zero where that is outwards, towards it where it is inwards.
  const below = (x: number) => (x < 0 ? x * up : x / up);
  return {
    folds: atZero,
    image: ({ low, high }) => ({ low: below(value(low)), high: -below(-value(high)) }),
  };
}

/** @param coefficients the constant first */
function polynomial(coefficients: readonly number[]): RangeRule {
  const degree = coefficients.length - 1;
  const [, linear, quadratic] = coefficients;
  const vertex = degree === 2 ? -linear! / (2 * quadratic!) : 0;
  const slack = 4 * Number.EPSILON * Math.abs(vertex);
  return {
    folds:
      degree === 1
        ? never
        : degree === 2
          ? ({ low, high }) => low <= vertex + slack && high >= vertex - slack
          : () => true,
    image: (range) => {
      let value: Range = { low: coefficients[degree]!, high: coefficients[degree]! };
      for (let k = degree - 1; k >= 0; k--) value = plus(times(value, range), coefficients[k]!);
      return value;
    },
  };
}

function times(one: Range, other: Range): Range {
  const products = [one.low * other.low, one.low * other.high, one.high * other.low, one.high * other.high];
  return widened(Math.min(...products), Math.max(...products));
}

function plus({ low, high }: Range, constant: number): Range {
  return widened(low + constant, high + constant);
}

/** By more than the rounding of one operation. */
function widened(low: number, high: number): Range {
  return { low: low - Math.abs(low) * 2 * Number.EPSILON, high: high + Math.abs(high) * 2 * Number.EPSILON };
}
