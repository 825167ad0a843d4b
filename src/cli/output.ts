/** What the program says while it works: one progress line on a terminal, a line now and then elsewhere. */
import { printable } from "../printable.js";
import { type TextSink, wantsColour } from "./io.js";

/** Shows how far a long run is. Nothing when quiet. */
export class ProgressLine {
  private shown = "";
  private lastFraction = Number.NEGATIVE_INFINITY;
  private lastTime = Number.NEGATIVE_INFINITY;
  private lastLabel = "";
  private readonly terminal: boolean;

  /**
   * @param now clock in milliseconds
   */
  constructor(
    private readonly sink: TextSink,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly quiet: boolean,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.terminal = sink.isTTY === true && environment.TERM !== "dumb";
  }

  /**
   * Where the work stands. On a terminal the line is redrawn at most ten times a second; elsewhere a line is written
   * for every tenth of the work and every new label, never more often than once in two seconds.
   * @param fraction part of the work that is done, in [0, 1]
   * @param etaSeconds seconds left; null where unknown
   */
  update(text: string, fraction: number | null, etaSeconds: number | null = null): void {
    if (this.quiet) return;
    const label = printable(text);
    const time = this.now();
    if (this.terminal) {
      if (time - this.lastTime < 100 && fraction !== 1) return;
      this.lastTime = time;
      this.draw(this.line(label, fraction, etaSeconds));
      return;
    }
    const step = fraction === null ? (label === this.lastLabel ? 0 : 1) : fraction - this.lastFraction;
    if (time - this.lastTime < 2000 || step < 0.1) return;
    this.lastTime = time;
    this.lastLabel = label;
    if (fraction !== null) this.lastFraction = fraction;
    const parts = [...(fraction === null ? [] : [percent(fraction)]), ...eta(etaSeconds), label];
    this.sink.write(`${parts.join(", ")}\n`);
  }

  /** A remark that stays, above the progress line. */
  say(text: string): void {
    if (this.quiet) return;
    this.clear();
    this.sink.write(`${printable(text)}\n`);
  }

  /** Removes the progress line. */
  clear(): void {
    if (this.shown === "") return;
    this.sink.write("\r\u001b[2K");
    this.shown = "";
  }

  private line(label: string, fraction: number | null, etaSeconds: number | null): string {
    const tail = [...eta(etaSeconds), label].join("  ");
    if (fraction === null) return tail;
    const cells = 24;
    const full = Math.round(fraction * cells);
    const bar = "█".repeat(full) + "░".repeat(cells - full);
    const coloured = wantsColour(this.sink, this.environment) ? `\u001b[36m${bar}\u001b[39m` : bar;
    return `${coloured} ${percent(fraction).padStart(5)}  ${tail}`;
  }

  private draw(line: string): void {
    // Colours take no room, so the cut is generous; a wrapped line could not be redrawn.
    const room = (this.sink.columns ?? 80) + (line.includes("\u001b") ? 10 : 0) - 1;
    const text = line.length > room ? line.slice(0, room) : line;
    if (text === this.shown) return;
    this.sink.write(`\r\u001b[2K${text}`);
    this.shown = text;
  }
}

function percent(fraction: number): string {
  return `${Math.floor(100 * fraction)} %`;
}

function eta(seconds: number | null): string[] {
  return seconds === null ? [] : [`${duration(seconds)} left`];
}

/** Seconds for people: 8 s, 2 min 5 s, 1 h 12 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** An estimate for people, no finer than it is good: 45 s, 38 minutes, 2.5 hours. */
export function roughly(seconds: number): string {
  if (seconds < 95) return `${Math.max(5, 5 * Math.round(seconds / 5))} s`;
  if (seconds < 95 * 60) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 1800) / 2} hours`;
}

/** Bytes for people: 320 MB, 1.4 GB. */
export function memory(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}
