/** The report in a real browser, opened from disk. Skipped, and counted so, where there is no Chromium. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeReport } from "../../src/report/write-report.js";
import { fixtureDiagrams, fixtureResult } from "./fixture.js";

const executable = process.env.BETTINA_CHROMIUM ?? "/usr/bin/chromium";

describe.skipIf(!existsSync(executable))("the report in Chromium", () => {
  let browser: Browser;
  let directory: string;
  let address: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "bettina-browser-"));
    const result = fixtureResult({ generated: true, failures: true });
    const { report } = await writeReport(directory, result, { loadDiagrams: (job) => fixtureDiagrams(result, job) });
    address = pathToFileURL(report).href;
    const { chromium } = await import("playwright-core");
    browser = await chromium.launch({
      executablePath: executable,
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
        // Tables fit from 1024 px on; narrower ones keep their first column in sight and shade the edge.
        const tables = (await page.evaluate(
          `[...document.querySelectorAll(".scroll")].map((box) => box.scrollWidth - box.clientWidth)`,
        )) as number[];
        expect(tables.length).toBeGreaterThan(8);
        if (width >= 1024) expect(Math.max(...tables)).toBe(0);
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
        const [ink, paper] = (await page.evaluate(
          `[getComputedStyle(document.querySelector("h2")).color, getComputedStyle(document.querySelector("section")).backgroundColor]`,
        )) as [string, string];
        expect(contrast(ink, paper)).toBeGreaterThan(7);
        await page.close();
      });
});

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
