/** The report in a real browser, opened from disk. Skipped, and counted so, where there is no Chromium. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeReport } from "../../src/report/write-report.js";
import { fixtureDiagrams, fixtureResult } from "./fixture.js";

/** `$BETTINA_CHROMIUM`, else the first of the usual names on the PATH. */
const executable =
  process.env.BETTINA_CHROMIUM ??
  (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
    .find((path) => existsSync(path));

describe.skipIf(executable === undefined)("the report in Chromium", () => {
  let browser: Browser;
  let directory: string;
  let address: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "bettina-browser-"));
    const whole = fixtureResult({ generated: true, failures: true, full: true, seeds: [1, 2, 3, 4, 5] });
    const result = { ...whole, config: { ...whole.config, classes: [0, 1] } };
    const { report } = await writeReport(directory, result, { loadDiagrams: (job) => fixtureDiagrams(result, job) });
    address = pathToFileURL(report).href;
    const { chromium } = await import("playwright-core");
    browser = await chromium.launch({
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
  });

  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [400, 1024, 1600])
      it(`${width} px, ${colorScheme}: no complaint, no request, no overflow, readable`, async () => {
        const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
        const messages: string[] = [];
        const requests: string[] = [];
        page.on("console", (message) => messages.push(message.text()));
        page.on("pageerror", (error) => messages.push(String(error)));
        page.on("request", (request) => requests.push(request.url()));
        await page.goto(address);
        // Everything that can be folded out, too.
        for (const summary of await page.locator("summary:visible").all()) await summary.click();
        for (const summary of await page.locator("details[open] details:not([open]) > summary").all())
          await summary.click();

        expect(messages).toEqual([]);
        expect(requests).toEqual([address]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        // Tables fit at 1600 px; narrower ones keep their first column in sight and shade the edge.
        const tables = (await page.evaluate(
          `[...document.querySelectorAll(".scroll")].map((box) => box.scrollWidth - box.clientWidth)`,
        )) as number[];
        expect(tables.length).toBeGreaterThan(8);
        if (width >= 1600) expect(Math.max(...tables)).toBe(0);
        else {
          expect(Math.max(...tables)).toBeGreaterThan(0);
          const [before, after, image] = (await page.evaluate(
            `(() => {
               const box = document.querySelector("#betti .scroll");
               const left = () => box.querySelector("tbody th").getBoundingClientRect().left;
               const before = left();
               box.scrollLeft = 200;
               return [before, left(), getComputedStyle(box).backgroundImage];
             })()`,
          )) as [number, number, string];
          expect(after).toBe(before);
          expect(image).toContain("gradient");
        }
        const first = await page.locator("main > :first-child").innerText();
        expect(first).toContain("GENERATED DIGITS, NOT MNIST");
        // No text of a picture is drawn smaller than 9 px, and the ink differs from the paper.
        const sizes = (await page.evaluate(
          `[...document.querySelectorAll("svg text")].filter((t) => t.textContent).map((t) => {
             const svg = t.ownerSVGElement;
             return parseFloat(getComputedStyle(t).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
           })`,
        )) as number[];
        expect(sizes.length).toBeGreaterThan(100);
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(9);
        // Every word on the page against what lies behind it; 4.5 is what WCAG asks of small text.
        const pairs = (await page.evaluate(textColours)) as { text: string; ink: string; paper: string }[];
        expect(pairs.length).toBeGreaterThan(15);
        expect(pairs.filter(({ ink, paper }) => contrast(ink, paper) < 4.5)).toEqual([]);
        await page.close();
      });

  it("has headings in order, a name for every picture and every table, and links that lead somewhere", async () => {
    const page = await browser.newPage();
    await page.goto(address);
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
    await page.close();
  });

  it("prints on white paper in dark ink, whole tables, everything unfolded, nothing cut off", async () => {
    const page = await browser.newPage({ viewport: { width: 794, height: 1123 }, colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    await page.goto(address);
    const look = (await page.evaluate(
      `(() => ({
         paper: getComputedStyle(document.body).backgroundColor,
         ink: getComputedStyle(document.body).color,
         links: getComputedStyle(document.querySelector("nav")).display,
         folded: [...document.querySelectorAll("details:not([open])")].filter((one) => one.lastElementChild.getBoundingClientRect().height === 0).length,
         wide: [...document.querySelectorAll(".scroll")].filter((one) => one.getBoundingClientRect().width > document.documentElement.clientWidth).length,
       }))()`,
    )) as { paper: string; ink: string; links: string; folded: number; wide: number };
    expect(look).toMatchObject({ paper: "rgb(255, 255, 255)", links: "none", folded: 0, wide: 0 });
    expect(contrast(look.ink, look.paper)).toBeGreaterThan(7);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 4).toString()).toBe("%PDF");
    await page.close();
  });
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
