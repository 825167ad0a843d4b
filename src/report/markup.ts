/** HTML that escapes by default: text goes in as text, only markup made here goes in as markup. */
import { printableLines } from "../printable.js";

/** A piece of HTML that is safe to insert as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text and numbers are escaped, lists are joined, null and undefined are nothing. */
export type Insert = Markup | string | number | null | undefined | readonly Insert[];

/** Escapes text for HTML content and for attribute values in double quotes; HTML and XML have no control characters. */
export function escapeHtml(text: string): string {
  return printableLines(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Template tag for HTML: everything inserted is escaped unless it is {@link Markup}. */
export function html(strings: TemplateStringsArray, ...inserts: Insert[]): Markup {
  let text = strings[0]!;
  inserts.forEach((insert, i) => {
    text += flatten(insert) + strings[i + 1]!;
  });
  return new Markup(text);
}

/** Marks a string as HTML. Only for strings made by this program, such as a rendered picture. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function flatten(insert: Insert): string {
  if (insert === null || insert === undefined) return "";
  if (insert instanceof Markup) return insert.text;
  if (Array.isArray(insert)) return insert.map(flatten).join("");
  return escapeHtml(String(insert));
}
