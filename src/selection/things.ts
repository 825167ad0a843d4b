/** The field's words for what Betti numbers count. */

/** What b_k counts: components, loops, voids. */
export function things(k: number): string {
  return k === 0 ? "components" : k === 1 ? "loops" : k === 2 ? "voids" : `classes of degree ${k}`;
}

/** A number of them: "1 loop", "2 loops". */
export function counted(number: number, k: number): string {
  return `${number} ${number === 1 && k <= 2 ? things(k).slice(0, -1) : things(k)}`;
}
