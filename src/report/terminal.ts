/** What text for a terminal is made of: tables without borders, wrapped words, short numbers. */
import Table from "cli-table3";

/** How text is laid out. */
export interface TextOptions {
  /** ANSI colours. @default false */
  readonly colour?: boolean;
  /** Columns of the terminal; words are wrapped to it. @default 80 */
  readonly columns?: number;
}

/** Six significant digits, the precision Ripser prints. */
export function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "∞";
}

/** An empty table of this house's looks: no borders, two spaces between columns. */
export function openTable(aligns: ("left" | "right")[]): Table.Table {
  const none = "";
  return new Table({
    colAligns: aligns,
    style: { "padding-left": 0, "padding-right": 2, head: [], border: [] },
    chars: {
      top: none,
      "top-mid": none,
      "top-left": none,
      "top-right": none,
      bottom: none,
      "bottom-mid": none,
      "bottom-left": none,
      "bottom-right": none,
      left: "  ",
      "left-mid": none,
      mid: none,
      "mid-mid": none,
      right: none,
      "right-mid": none,
      middle: none,
    },
  });
}

/** The table without trailing blanks. */
export function draw(table: Table.Table): string {
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Breaks words into lines of at most `columns` characters, the first after `first`, the others after `rest`. */
export function wrap(text: string, columns: number, first = "", rest = ""): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  // A percent sign stays with its number.
  for (const word of text.split(/ (?!%)/)) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = rest + word;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  return [...lines, line].join("\n");
}
