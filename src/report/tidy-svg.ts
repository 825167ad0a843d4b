/** Makes vega's SVG small without changing what it shows. */
import { escapeHtml } from "./markup.js";

/**
 * Empty paths, roles that carry no words and repeated fonts go (the font is set once, at the root), coordinates keep two
 * decimals, runs of bars become one path and runs of dots circles of one group, and the picture gets a title for screen
 * readers.
 */
export function tidySvg(svg: string, title: string, font: string): string {
  const short = svg
    .replace(/<path class="(?:foreground|background)"[^>]*? d="(?:|M0,0h0v0h0Z)"[^>]*\/>/g, "")
    .replace(/<path class="background"[^>]*? d="[^"]*"(?![^>]*stroke=)(?![^>]*fill=)[^>]*\/>/g, "")
    .replace(/ (?:role|aria-roledescription|aria-hidden|pointer-events|font-family)="[^"]*"/g, "")
    .replace(/ (?:class="mark-[^"]*"|opacity="1"|fill-opacity="1"|stroke-dasharray="1,0")/g, "")
    .replace(/ xmlns:xlink="[^"]*"/, "")
    .replace(/ (?:d|transform|x2|y2|width|height)="[^"]*"/g, shortNumbers);
  return joinDots(joinBars(short))
    .replace("<svg ", `<svg font-family="${font}" `)
    .replace(">", `><title>${escapeHtml(title)}</title>`);
}

function shortNumbers(attribute: string): string {
  return attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100));
}

const bar = /<line transform="translate\(([^,]+),([^)]+)\)" x2="([^"]+)" y2="([^"]+)"([^>]*)\/>/g;
const bars =
  /(?:<line transform="translate\([^)]+\)" x2="[^"]+" y2="[^"]+"([^>]*)\/>)(?:<line transform="[^"]+" x2="[^"]+" y2="[^"]+"\1\/>)+/g;

/** Lines in a row that look alike, as one path. */
function joinBars(svg: string): string {
  return svg.replace(bars, (run: string, look: string) => {
    const d = [...run.matchAll(bar)].map(([, x, y, across, down]) =>
      down === "0" ? `M${x} ${y}h${across}` : across === "0" ? `M${x} ${y}v${down}` : `M${x} ${y}l${across} ${down}`,
    );
    return `<path d="${d.join("")}"${look}/>`;
  });
}

const dot = /<path transform="translate\(([^,]+),([^)]+)\)" d="[^"]*"[^>]*\/>/g;
const dots =
  /<path transform="translate\([^)]+\)" d="(M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0)"([^>]*)\/>(?:<path transform="[^"]+" d="\1"\3\/>)+/g;

/** Round points in a row that look alike, as circles of one group. */
function joinDots(svg: string): string {
  return svg.replace(dots, (run: string, _path: string, radius: string, look: string) => {
    const circles = [...run.matchAll(dot)].map(([, x, y]) => `<circle cx="${x}" cy="${y}" r="${radius}"/>`);
    return `<g${look}>${circles.join("")}</g>`;
  });
}
