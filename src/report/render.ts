/**
 * From a vega-lite specification to SVG or PNG bytes. vega, vega-lite and resvg are optional dependencies and loaded
 * here only, when a picture is asked for.
 */
import { fileURLToPath } from "node:url";
import { BackendError } from "../errors.js";
import { type ChartSpec, chartFont } from "./chart-style.js";
import { tidySvg } from "./tidy-svg.js";

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
    return tidySvg(await view.toSVG(), titleOf(spec), chartFont);
  } finally {
    view.finalize();
  }
}

/** The fonts of every PNG, from the project itself: the same picture on every machine, whatever fonts it has. */
const fontFiles = ["Inter-Regular.otf", "Inter-SemiBold.otf"].map((name) =>
  fileURLToPath(new URL(`../../assets/fonts/${name}`, import.meta.url)),
);

/**
 * Renders an SVG document to PNG, twice the size, with the fonts that bettina brings: no font of the machine is used.
 * @throws BackendError when @resvg/resvg-js is not installed
 */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await optional(() => import("@resvg/resvg-js"), "@resvg/resvg-js");
  const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: "Inter", sansSerifFamily: "Inter" };
  return new Resvg(svg, { fitTo: { mode: "zoom", value: 2 }, font }).render().asPng();
}

/**
 * Loads what pictures need, so that what is missing is said before the work.
 * @param png whether a PNG is to be made
 * @throws BackendError with the line that installs it
 */
export async function checkPictures(png: boolean): Promise<void> {
  await loadVega();
  if (png) await optional(() => import("@resvg/resvg-js"), "@resvg/resvg-js");
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

/** The title of a specification, as text: what a screen reader says of the picture. */
function titleOf({ title }: ChartSpec): string {
  const text = typeof title === "object" && title !== null && "text" in title ? title.text : title;
  return text === undefined ? "chart" : String(text);
}
