/** The field's words for what Betti numbers count, and for what is projected where. */
import type { SweepWidth } from "../network/architecture.js";

/** What b_k counts: components, loops, voids. */
export function things(k: number): string {
  return k === 0 ? "components" : k === 1 ? "loops" : k === 2 ? "voids" : `classes of degree ${k}`;
}

/** One of them: loop, void. */
export function thing(k: number): string {
  return k <= 2 ? things(k).slice(0, -1) : `class of degree ${k}`;
}

/** A number of them: "1 loop", "2 loops". */
export function counted(number: number, k: number): string {
  return `${number} ${number === 1 ? thing(k) : things(k)}`;
}

/** Where a layer's control is projected to: "to width 8", "to the width of every layer of 64-32-16". */
export function projectedTo(width: SweepWidth): string {
  return typeof width === "number" ? `to width ${width}` : `to the width of every layer of ${width}`;
}

/** The same, of a width that was just named: "to that width", "to the width of every layer". */
export function projectedThere(width: SweepWidth): string {
  return typeof width === "number" ? "to that width" : "to the width of every layer";
}

/** Whether some networks of a sweep have several widths, so that "smaller" needs saying. */
export function areMixed(widths: readonly SweepWidth[]): boolean {
  return widths.some((width) => typeof width === "string");
}

/** An accuracy in percent, with one decimal: 96.5 %. */
export function inPercent(accuracy: number): string {
  return `${(100 * accuracy).toFixed(1)} %`;
}
