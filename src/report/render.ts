/**
 * From a vega-lite specification to SVG or PNG bytes. vega, vega-lite and resvg are optional dependencies and loaded
 * here only, when a picture is asked for.
 */
import { BackendError } from "../errors.js";
import { type ChartSpec, chartFont } from "./chart-style.js";
import { escapeHtml } from "./markup.js";

type Vega = typeof import("vega");
type VegaLite = typeof import("vega-lite");

/** Exported by vega, though missing from its types: how wide a text item is taken to be, in px. */
type VegaInternals = Vega & {
  readonly textMetrics: {
    width: (item: { readonly fontSize?: number }, text: unknown) => number;
  };
};

/** Mean width of a letter over the font's size, of the usual interface fonts; vega's own 0.8 leaves wide margins. */
const letterWidth = 0.56;

/** Options of {@link renderSvg}. */
export interface RenderOptions {
  /** Told what vega finds odd about a specification, e.g. a field without data. */
  readonly onWarning?: (message: string) => void;
}

let loaded: Promise<{ vega: Vega; vegaLite: VegaLite }> | undefined;

/**
 * Renders a specification to an SVG document. The bytes depend on the specification and the versions of vega and
 * vega-lite only: text widths are estimated, not measured with the fonts of this machine.
 * @throws BackendError when vega or vega-lite is not installed
 */
export async function renderSvg(spec: ChartSpec, options: RenderOptions = {}): Promise<string> {
  const { vega, vegaLite } = await loadVega();
  const logger = quietLogger(options.onWarning ?? (() => {}));
  const compiled = vegaLite.compile(spec as never, { logger: logger as never }).spec;
  vega.resetSVGDefIds();
  const { textMetrics } = vega as VegaInternals;
  textMetrics.width = (item, text) => Math.round(letterWidth * String(text ?? "").length * (item.fontSize ?? 11));
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger: logger as never });
  try {
    return tidySvg(await view.toSVG(), titleOf(spec));
  } finally {
    view.finalize();
  }
}

/**
 * Renders an SVG document to PNG, twice the size, with the fonts of this machine.
 * @throws BackendError when @resvg/resvg-js is not installed
 */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await optional(() => import("@resvg/resvg-js"), "@resvg/resvg-js");
  return new Resvg(svg, { fitTo: { mode: "zoom", value: 2 }, font: { loadSystemFonts: true } }).render().asPng();
}

function loadVega(): Promise<{ vega: Vega; vegaLite: VegaLite }> {
  loaded ??= optional(async () => {
    const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
    return { vega, vegaLite };
  }, "vega vega-lite");
  return loaded;
}

async function optional<T>(load: () => Promise<T>, packages: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new BackendError(
      `Expected the optional packages ${packages} for pictures, got: ${String((cause as Error).message).split("\n")[0]}.`,
      { cause, hint: `Install them with: npm install ${packages}` },
    );
  }
}

/** A logger of vega's shape that prints nothing. What vega calls an error is thrown by it anyway. */
function quietLogger(onWarning: (message: string) => void): object {
  const keep = (...parts: unknown[]): object => {
    onWarning(parts.map(String).join(" "));
    return logger;
  };
  const ignore = (): object => logger;
  const logger = { level: () => 0, error: keep, warn: keep, info: ignore, debug: ignore };
  return logger;
}

/**
 * Makes vega's SVG small without changing what it shows: empty paths, roles that carry no words and repeated fonts go
 * (the font is set once, at the root), coordinates keep two decimals, and the picture gets a title for screen readers.
 */
function tidySvg(svg: string, title: string): string {
  return svg
    .replace(/<path class="(?:foreground|background)"[^>]*? d="(?:|M0,0h0v0h0Z)"[^>]*\/>/g, "")
    .replace(/<path class="background"[^>]*? d="[^"]*"(?![^>]*stroke=)(?![^>]*fill=)[^>]*\/>/g, "")
    .replace(/ (?:role|aria-roledescription|aria-hidden|pointer-events|font-family)="[^"]*"/g, "")
    .replace(/ (?:class="mark-[^"]*"|opacity="1"|fill-opacity="1"|stroke-dasharray="1,0")/g, "")
    .replace(/ xmlns:xlink="[^"]*"/, "")
    .replace(/ (?:d|transform|x2|y2|width|height)="[^"]*"/g, shortNumbers)
    .replace("<svg ", `<svg font-family="${chartFont}" `)
    .replace(">", `><title>${escapeHtml(title)}</title>`);
}

/** The title of a specification, as text: what a screen reader says of the picture. */
function titleOf({ title }: ChartSpec): string {
  const text = typeof title === "object" && title !== null && "text" in title ? title.text : title;
  return text === undefined ? "chart" : String(text);
}

function shortNumbers(attribute: string): string {
  return attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100));
}
