/**
 * The colours of every picture: after Okabe and Ito, so that each pair differs for colour-blind readers too, and every
 * series has its own marker and dash besides. A picture in a file uses the light values; inside the report the same
 * picture refers to CSS custom properties, so that it follows the reader's light or dark theme.
 */

/** One colour in both themes, as `#rrggbb`. */
export interface Colour {
  readonly light: string;
  readonly dark: string;
}

/** Every colour a picture may use, by role. The light values are all different: {@link toThemeVariables} relies on it. */
export const palette = {
  ink: { light: "#1d232b", dark: "#e9edf2" },
  muted: { light: "#5a6572", dark: "#a3afbd" },
  axis: { light: "#aab3bd", dark: "#566271" },
  grid: { light: "#e6e9ed", dark: "#2a323c" },
  paper: { light: "#ffffff", dark: "#161b22" },
  network: { light: "#0072b2", dark: "#5ab4ec" },
  untrained: { light: "#d55e00", dark: "#ff9248" },
  projection: { light: "#00876a", dark: "#3ccaa2" },
  input: { light: "#4d5763", dark: "#c3ccd6" },
  inputBand: { light: "#8d98a5", dark: "#7f8b99" },
  created: { light: "#a3488f", dark: "#e08acb" },
  carried: { light: "#b27a00", dark: "#ecb73c" },
  ramp1: { light: "#c65a00", dark: "#ffb070" },
  ramp2: { light: "#c2477f", dark: "#f58fbe" },
  ramp3: { light: "#8a5bc0", dark: "#c3a2f2" },
  ramp4: { light: "#3f74c9", dark: "#8fb8ff" },
  ramp5: { light: "#008a97", dark: "#53cbd6" },
  ramp6: { light: "#3f8f3a", dark: "#8fd487" },
} as const satisfies Record<string, Colour>;

/** Name of a colour of the {@link palette}. */
export type ColourName = keyof typeof palette;

/** Six colours for an ordered series such as widths, smallest first. */
export const ramp: readonly ColourName[] = ["ramp1", "ramp2", "ramp3", "ramp4", "ramp5", "ramp6"];

/** Name of the CSS custom property of a colour. */
export function variableName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** CSS declarations of all colours in one theme. */
export function themeDeclarations(theme: "light" | "dark"): string {
  return Object.entries(palette)
    .map(([name, colour]) => `${variableName(name)}:${colour[theme]}`)
    .join(";");
}

const variableOf = new Map<string, string>(
  Object.entries(palette).map(([name, { light }]) => [light, `var(${variableName(name)})`]),
);

/** Replaces the light colours in an SVG string by references to the CSS custom properties. */
export function toThemeVariables(svg: string): string {
  return svg.replace(/"(#[0-9a-f]{6})"/g, (whole, hex: string) => {
    const variable = variableOf.get(hex);
    return variable ? `"${variable}"` : whole;
  });
}
