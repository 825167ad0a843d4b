/**
 * A page: one HTML file that needs nothing else. No script, no request, a content policy that forbids both, system fonts,
 * light and dark, printable.
 */
import { createHash } from "node:crypto";
import { html, type Markup, trusted } from "./markup.js";
import { reportStyle } from "./style.js";

/** The whole document around what stands in `main`. */
export function pageDocument(title: string, body: Markup): string {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(reportStyle).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(reportStyle)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return page.text.replace(/(\d) (?=(?:%|s|min|h|MB|GB)\b|%)/g, "$1\u00a0");
}

/** One entry of the list of sections at the top. */
export interface SectionLink {
  readonly id: string;
  readonly name: string;
}

/** The links to sections by their names; sections without content are left out. */
export function sectionLinks(sections: readonly (readonly [string, Markup])[]): SectionLink[] {
  return sections.flatMap(([name, { text }]) => {
    const id = /^<section[^>]* id="([^"]+)"/.exec(text)?.[1];
    return id === undefined ? [] : [{ id, name }];
  });
}

/** The list of sections. */
export function navigation(links: readonly SectionLink[]): Markup {
  return html`<nav aria-label="Sections">${links.map(({ id, name }) => html`<a href="#${id}">${name}</a>`)}</nav>`;
}
