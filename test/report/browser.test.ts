/** Report and page in a real browser, opened from disk. Skipped, and counted so, where there is no Chromium. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/random.js";
import { landmarkApproximation } from "../../src/report/approximation-text.js";
import { type CloudPage, cloudRecord, pageReadouts } from "../../src/report/cloud.js";
import { writeCloudPage } from "../../src/report/cloud-page.js";
import { writeReport } from "../../src/report/write-report.js";
import { landmarkReplicates } from "../../src/topology/landmark-bounds.js";
import { persistence } from "../../src/topology/persistence.js";
import { fixtureDiagrams, fixtureResult } from "./fixture.js";

/** `$BETTINA_CHROMIUM`, else the first of the usual names on the PATH. */
const executable =
  process.env.BETTINA_CHROMIUM ??
  (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
    .find((path) => existsSync(path));

/** A page in the browser, with all it complained of and asked for. */
interface Opened {
  readonly page: Page;
  readonly address: string;
  readonly messages: readonly string[];
  readonly requests: readonly string[];
}

describe.skipIf(executable === undefined)("in Chromium", () => {
  let browser: Browser;
  let directory: string;
  let study: Opened;
  let cloud: Opened;

  /** Opens a file once: themes and sizes are changed in place, which is what readers do and takes no second load. */
  async function open(path: string): Promise<Opened> {
    const page = await browser.newPage();
    const [messages, requests]: [string[], string[]] = [[], []];
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(String(error)));
    page.on("request", (request) => requests.push(request.url()));
    const address = pathToFileURL(path).href;
    await page.goto(address);
    // By hand once, then everything that can be folded out.
    const unfolded = () => page.locator("details[open]").count();
    const before = await unfolded();
    await page.locator("details:not([open]) > summary:visible").first().click();
    expect(await unfolded()).toBe(before + 1);
    await page.evaluate(`document.querySelectorAll("details").forEach((one) => { one.open = true; })`);
    return { page, address, messages, requests };
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "bettina-browser-"));
    const { chromium } = await import("playwright-core");
    const launched = chromium.launch({
      executablePath: executable!,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    const whole = fixtureResult({
      generated: true,
      failures: true,
      full: true,
      seeds: [1, 2, 3, 4, 5],
      widths: [2, 32],
    });
    const result = { ...whole, config: { ...whole.config, classes: [0] } };
    const { report } = await writeReport(directory, result, { loadDiagrams: (job) => fixtureDiagrams(result, job) });
    const path = join(directory, "cloud.html");
    await writeCloudPage(path, await fixtureCloud());
    browser = await launched;
    [study, cloud] = [await open(report), await open(path)];
  });

  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  for (const [name, opened, least] of [
    ["report", () => study, { tables: 9, texts: 100, colours: 16 }],
    ["page of one cloud", () => cloud, { tables: 3, texts: 60, colours: 12 }],
  ] as const)
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of [400, 1024, 1600])
        it(`${name}, ${width} px, ${colorScheme}: no complaint, no request, no overflow, readable`, async () => {
          const { page, address, messages, requests } = opened();
          await page.emulateMedia({ colorScheme, media: "screen" });
          await page.setViewportSize({ width, height: 900 });
          expect(messages).toEqual([]);
          expect(requests).toEqual([address]);
          expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
          // Tables fit at 1600 px; narrower ones keep their first column in sight and shade the edge.
          const tables = (await page.evaluate(
            `[...document.querySelectorAll(".scroll")].map((box) => box.scrollWidth - box.clientWidth)`,
          )) as number[];
          expect(tables.length).toBeGreaterThanOrEqual(least.tables);
          if (width >= 1600) expect(Math.max(...tables)).toBe(0);
          else if (opened() === study) {
            expect(Math.max(...tables)).toBeGreaterThan(0);
            const [before, after, image] = (await page.evaluate(
              `(() => {
                 const box = document.querySelector("#betti .scroll");
                 const left = () => box.querySelector("tbody th").getBoundingClientRect().left;
                 box.scrollLeft = 0;
                 const before = left();
                 box.scrollLeft = 200;
                 return [before, left(), getComputedStyle(box).backgroundImage];
               })()`,
            )) as [number, number, string];
            expect(after).toBe(before);
            expect(image).toContain("gradient");
          }
          const first = await page.locator("main > :first-child").innerText();
          expect(first).toContain(opened() === study ? "GENERATED DIGITS, NOT MNIST" : "Persistent homology of");
          // No text of a picture is drawn smaller than 9 px, and the ink differs from the paper.
          const sizes = (await page.evaluate(
            `[...document.querySelectorAll("svg text")].filter((t) => t.textContent).map((t) => {
               const svg = t.ownerSVGElement;
               return parseFloat(getComputedStyle(t).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
             })`,
          )) as number[];
          expect(sizes.length).toBeGreaterThan(least.texts);
          expect(Math.min(...sizes)).toBeGreaterThanOrEqual(9);
          // Every word on the page against what lies behind it; 4.5 is what WCAG asks of small text.
          const pairs = (await page.evaluate(textColours)) as { text: string; ink: string; paper: string }[];
          expect(pairs.length).toBeGreaterThanOrEqual(least.colours);
          expect(pairs.filter(({ ink, paper }) => contrast(ink, paper) < 4.5)).toEqual([]);
        });

  it.each([
    ["report", () => study],
    ["page of one cloud", () => cloud],
  ])(
    "%s: headings in order, a name for every picture and every table, links that lead somewhere",
    async (_, opened) => {
      const { page } = opened();
      const levels = (await page.evaluate(
        `[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => Number(heading.tagName[1]))`,
      )) as number[];
      expect(levels[0]).toBe(1);
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      levels.slice(1).forEach((level, i) => {
        expect(level - levels[i]!).toBeLessThanOrEqual(1);
      });
      const unnamed = `[...document.querySelectorAll("svg:not([aria-hidden]), .scroll")].filter((one) => !one.getAttribute("aria-label")).length`;
      expect(await page.evaluate(unnamed)).toBe(0);
      expect(
        await page.evaluate(
          `[...document.querySelectorAll("figure")].filter((one) => !one.querySelector("figcaption")).length`,
        ),
      ).toBe(0);
      expect(
        await page.evaluate(`[...document.querySelectorAll("thead th:not([scope]), tbody th:not([scope])")].length`),
      ).toBe(0);
      const dead = `[...document.querySelectorAll('a[href^="#"]')].filter((link) => !document.getElementById(link.getAttribute("href").slice(1))).length`;
      expect(await page.evaluate(dead)).toBe(0);
    },
  );

  it.each([
    ["report", () => study],
    ["page of one cloud", () => cloud],
  ])(
    "%s: printed on white paper in dark ink, whole tables, everything unfolded, nothing cut off",
    async (_, opened) => {
      const { page } = opened();
      await page.evaluate(`document.querySelectorAll("details").forEach((one) => { one.open = false; })`);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      // A4 within margins of 10 mm.
      await page.setViewportSize({ width: 718, height: 1047 });
      const look = (await page.evaluate(
        `(() => ({
         paper: getComputedStyle(document.body).backgroundColor,
         ink: getComputedStyle(document.body).color,
         links: getComputedStyle(document.querySelector("nav")).display,
         folded: [...document.querySelectorAll("details:not([open])")].filter((one) => one.lastElementChild.getBoundingClientRect().height === 0).length,
         wide: [...document.querySelectorAll("table, svg, p")].filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length,
         boxes: [...document.querySelectorAll(".generated")].map((one) => getComputedStyle(one).backgroundColor),
       }))()`,
      )) as { paper: string; ink: string; links: string; folded: number; wide: number; boxes: string[] };
      expect(look).toMatchObject({ paper: "rgb(255, 255, 255)", links: "none", folded: 0, wide: 0 });
      for (const box of look.boxes) expect(box).toBe("rgb(255, 255, 255)");
      expect(contrast(look.ink, look.paper)).toBeGreaterThan(7);
      const pdf = await page.pdf({ format: "A4" });
      expect(pdf.subarray(0, 4).toString()).toBe("%PDF");
    },
  );
});

/**
 * Colour and background of every element with text of its own, as `rgb(r, g, b)`; a script for the page. Backgrounds are
 * opaque or absent; the shade at a table's edge is no background of words.
 */
const textColours = `(() => {
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Map();
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!own || element.closest("title")) continue;
    const style = getComputedStyle(element);
    const ink = element instanceof SVGElement ? style.fill : style.color;
    const paper = behind(element);
    found.set(ink + paper + element.tagName, { text: element.tagName + ": " + element.textContent.slice(0, 40), ink, paper });
  }
  return [...found.values()];
})()`;

/** A noisy circle by landmarks, with everything that a page can show. */
async function fixtureCloud(): Promise<CloudPage> {
  const random = new Random(3, "browser");
  const points = Array.from({ length: 150 }, (_, i) => {
    const radius = 1 + 0.2 * random.uniform();
    return [radius * Math.cos(i), radius * Math.sin(i)];
  });
  const landmarks = { count: 50, rule: "random", seed: 1 } as const;
  const result = await persistence(points, { maxDim: 1, landmarks });
  const approximation = landmarkApproximation(result, 0.5);
  const replicates = await landmarkReplicates(points, { maxDim: 1, landmarks, replicates: 3, readouts: ["ratio>1.5"] });
  const versions = {
    bettina: "0.1.0",
    engineAbi: 7,
    engineDigest: "ab".repeat(32),
    nodeMajor: 20,
    architecture: "x64",
  };
  const cloud = cloudRecord(points);
  const readouts = pageReadouts(0.5);
  return {
    name: "a circle",
    cloud,
    metric: "euclidean",
    result,
    approximation,
    replicates,
    readouts,
    options: [],
    versions,
  };
}

/** Contrast of two `rgb(r, g, b)` colours as WCAG 2 defines it, from 1 to 21. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [r, g, b] = colour.match(/\d+/g)!.map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}
