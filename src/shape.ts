/** Values from outside compared with the shape they should have: what is missing or of another type is named. */
import { ConfigError, expected } from "./errors.js";
import { isRecord } from "./options.js";

/** Throws unless a value has a shape; `name` is what the message calls it. */
export type Shape = (value: unknown, name: string) => void;

/** A shape by a condition. */
export function where(what: string, holds: (value: unknown) => boolean, hint: string): Shape {
  return (value, name) => {
    if (!holds(value)) throw new ConfigError(expected(what, name, value), { hint });
  };
}

/** A finite number. */
export const aNumber = where("a finite number", (value) => Number.isFinite(value), "Pass a number.");
/** An integer of at least 0. */
export const aCount = where(
  "an integer of at least 0",
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  "Pass a number.",
);
/** An integer of at least 1. */
export const aSize = where(
  "a positive integer",
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  "Pass a number.",
);
/** A string that is not empty. */
export const aText = where("text", (value) => typeof value === "string" && value !== "", "Pass a string.");
/** A function. */
export const aFunction = where("a function", (value) => typeof value === "function", "Leave it out.");
/** Anything at all. */
export const anything: Shape = () => {};

/** A Float32Array. */
export const floats = where("a Float32Array", (value) => value instanceof Float32Array, "Pass Float32Array.from(…).");

/** An array of finite numbers, typed or not. */
export const numberList = where(
  "an array of finite numbers",
  (value) =>
    Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
      ? Array.from(value as ArrayLike<unknown>).every(Number.isFinite)
      : false,
  "Pass for instance Float64Array.from(numbers).",
);

/** What may be left out. */
export function maybe(shape: Shape): Shape {
  return (value, name) => {
    if (value !== undefined) shape(value, name);
  };
}

/** What may be null. */
export function orNull(shape: Shape): Shape {
  return (value, name) => {
    if (value !== null) shape(value, name);
  };
}

/** An array of things of one shape. */
export function listOf(shape: Shape): Shape {
  return (value, name) => {
    if (!Array.isArray(value))
      throw new ConfigError(expected("an array", name, value), { hint: "Pass for instance []." });
    for (let i = 0; i < value.length; i++) shape(value[i], `${name}[${i}]`);
  };
}

/** An object that has at least these fields. */
export function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, name) => {
    if (!isRecord(value))
      throw new ConfigError(expected(`an object with ${Object.keys(shapes).join(", ")}`, name, value), {
        hint: "See the type's documentation for what it holds.",
      });
    for (const [key, shape] of Object.entries(shapes)) shape(value[key], `${name}.${key}`);
  };
}
