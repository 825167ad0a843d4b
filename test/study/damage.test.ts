/** Every file of a finished study, damaged one at a time: noticed, named, and made anew byte for byte. */
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveConfig } from "../../src/study/config.js";
import type { StudyEvent } from "../../src/study/events.js";
import { writeManifest } from "../../src/study/folder-manifest.js";
import { runStudy } from "../../src/study/run-study.js";
import { run } from "../cli/support.js";
import { smallConfig, smallDataset } from "./small-data.js";

const data = smallDataset();
const config = smallConfig({ widths: [2], hiddenLayers: 1, controls: ["projection"], classes: [3] });
let root: string;
let whole: string;
let results: string[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "bettina-damage-"));
  whole = join(root, "whole");
  await runStudy(config, { directory: whole, data, threads: 0, saveWeights: true });
  const all = await readdir(whole, { recursive: true, withFileTypes: true });
  const names = all.flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(whole.length + 1)] : [],
  );
  results = names.filter((name) => name !== "environment.json" && name !== "run-log.ndjson").sort();
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Damages a copy of the study; the contents of all its results after the study was done again. */
async function damaged(damage: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(root, "copy-"));
  await cp(whole, folder, { recursive: true });
  await damage(folder);
  const refusals: string[] = [];
  for (const args of [
    ["report", folder, "--text"],
    ["recommend", folder],
  ]) {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([3, ""]);
    refusals.push(stderr);
  }
  const events: StudyEvent[] = [];
  await runStudy(config, { directory: folder, data, threads: 0, onEvent: (event) => events.push(event) });
  for (const name of results)
    expect((await readFile(join(folder, name))).equals(await readFile(join(whole, name))), name).toBe(true);
  expect((await run(["report", folder, "--text"])).code).toBe(0);
  const faults = events.flatMap((event) => (event.type === "damaged" ? event.files : []));
  const redone = events.flatMap((event) => (event.type === "job-start" ? [event.job] : []));
  await rm(folder, { recursive: true });
  return { refusals, faults, redone };
}

describe("a finished study", () => {
  it("has every result in its manifest, and its own digest in that", async () => {
    const { files } = JSON.parse(await readFile(join(whole, "manifest.json"), "utf8"));
    expect(Object.keys(files).concat("manifest.json").sort()).toEqual(results);
    expect(results).toEqual(expect.arrayContaining(["config.json", "weights/square-w2-s1/layer1.kernel.npy"]));
  });

  const kinds: [string, (path: string) => Promise<void>, "changed" | "missing"][] = [
    [
      "of which a byte was flipped",
      async (path) => {
        const bytes = await readFile(path);
        const at = Math.floor((2 * bytes.length) / 3);
        bytes[at] = bytes[at]! ^ 1;
        await writeFile(path, bytes);
      },
      "changed",
    ],
    ["that was emptied", (path) => writeFile(path, ""), "changed"],
    ["that was cut", async (path) => writeFile(path, (await readFile(path)).subarray(0, -3)), "changed"],
    ["that was removed", (path) => rm(path), "missing"],
  ];
  it.each(kinds)("is refused and made anew with any file %s", { timeout: 180_000 }, async (_, damage, what) => {
    for (const name of results) {
      const { refusals, faults } = await damaged((folder) => damage(join(folder, name)));
      expect(faults).toEqual([{ name, what }]);
      for (const text of refusals)
        expect(text).toContain(name === "manifest.json" && what === "missing" ? "with a manifest.json" : name);
    }
  });

  it("is refused and made anew with two files swapped", { timeout: 180_000 }, async () => {
    for (const [one, other] of [
      ["jobs/input.json", "jobs/projection-w2-s1.json"],
      ["diagrams/input.json", "diagrams/projection-w2-s1.json"],
      ["study.json", "betti.csv"],
      ["weights/square-w2-s1/layer1.kernel.npy", "weights/square-w2-s1/layer1.bias.npy"],
    ] as const) {
      const { faults } = await damaged(async (folder) => {
        await rename(join(folder, one), join(folder, "third"));
        await rename(join(folder, other), join(folder, one));
        await rename(join(folder, "third"), join(folder, other));
      });
      expect(faults.map(({ name }) => name).sort()).toEqual([one, other].sort());
    }
  });

  it("does only the damaged jobs again", async () => {
    const change = (name: string) => (folder: string) => writeFile(join(folder, name), "{}");
    expect((await damaged(change("betti.csv"))).redone).toEqual([]);
    expect((await damaged(change("diagrams/input.json"))).redone).toEqual(["input"]);
    expect((await damaged(change("weights/square-w2-s1/network.json"))).redone).toEqual(["square-w2-s1"]);
  });

  it("names the file and what to do", async () => {
    const { refusals } = await damaged((folder) => writeFile(join(folder, "betti.csv"), ""));
    for (const text of refusals)
      expect(text).toMatch(
        /^bettina: Expected the files of the study as they were written for the study, got ".*" \(betti\.csv was changed\)\. Run bettina study --config .*\/config\.json --out .*: what is damaged is made anew\.\n$/,
      );
  });

  it("is shown without a write", async () => {
    const before = await Promise.all((await readdir(whole)).map((name) => readFile(join(whole, name)).catch(() => "")));
    const times = async () => (await import("node:fs")).statSync(whole).mtimeMs;
    const was = await times();
    await runStudy(config, { directory: whole, data, threads: 0 });
    const after = await Promise.all((await readdir(whole)).map((name) => readFile(join(whole, name)).catch(() => "")));
    expect(after).toEqual(before);
    expect(await times()).toBe(was);
  });

  it("is assembled anew from its jobs where another version wrote it in another form", async () => {
    const folder = join(root, "other-form");
    await cp(whole, folder, { recursive: true });
    const { enclosures: _, ...older } = JSON.parse(await readFile(join(folder, "study.json"), "utf8"));
    await writeFile(join(folder, "study.json"), JSON.stringify(older));
    const { files, of } = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
    await writeManifest(folder, "manifest.json", of, Object.keys(files));
    const events: string[] = [];
    await runStudy(config, { directory: folder, data, threads: 0, onEvent: ({ type }) => events.push(type) });
    expect(events).toEqual(["study-start", "study-end"]);
    expect(await readFile(join(folder, "study.json"))).toEqual(await readFile(join(whole, "study.json")));
  });

  it("says which field of its config was changed by hand", async () => {
    const folder = join(root, "edited");
    await cp(whole, folder, { recursive: true });
    const path = join(folder, "config.json");
    const held = JSON.parse(await readFile(path, "utf8"));
    const edited = { ...held.config, seeds: [1, 2], training: { ...held.config.training, steps: 13 } };
    await writeFile(path, JSON.stringify({ ...held, config: edited }));
    await expect(runStudy(resolveConfig("custom", edited), { directory: folder, data, threads: 0 })).rejects.toThrow(
      "got one that was changed by hand (seeds, training.steps). Undo the change",
    );
    // The study itself is whole but for that file.
    const events: StudyEvent[] = [];
    await runStudy(config, { directory: folder, data, threads: 0, onEvent: (event) => events.push(event) });
    expect(events[0]).toEqual({ type: "damaged", files: [{ name: "config.json", what: "changed" }] });
    expect(await readFile(path)).toEqual(await readFile(join(whole, "config.json")));
  });
});

describe("a folder in use", () => {
  it("is written by one run at a time, and taken over from one that is gone", async () => {
    const directory = join(root, "locked");
    const first = runStudy(config, { directory, data, threads: 0 });
    const second = new Promise((resolve) => setTimeout(resolve, 30)).then(() =>
      runStudy(config, { directory, data, threads: 0 }),
    );
    const outcomes = await Promise.allSettled([first, second]);
    const refused = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
    for (const { reason } of refused)
      expect(reason.message).toContain("Expected a folder that no other run is writing");
    expect(await readFile(join(directory, "study.json"))).toEqual(await readFile(join(whole, "study.json")));
    await rm(join(directory, "manifest.json"));
    const lock = join(directory, "lock.json");
    // Process 1 lives, wherever this runs; a number above every limit does not; another machine nobody knows.
    const { hostname } = await import("node:os");
    await writeFile(lock, JSON.stringify({ pid: 1, host: hostname() }));
    await expect(runStudy(config, { directory, data, threads: 0 })).rejects.toThrow(/in use by process 1 on .*remove/);
    await writeFile(lock, JSON.stringify({ pid: 7, host: "elsewhere" }));
    await expect(runStudy(config, { directory, data, threads: 0 })).rejects.toThrow("in use by process 7 on elsewhere");
    await writeFile(lock, JSON.stringify({ pid: 2 ** 30, host: hostname() }));
    await runStudy(config, { directory, data, threads: 0 });
    expect(await readdir(directory)).not.toContain("lock.json");
  });
});

describe("data of one's own", () => {
  it("are refused before the work, for nothing could read the folder", async () => {
    const directory = join(root, "own");
    const own = { ...data, name: "mine" as "digits" };
    await expect(runStudy({ ...config, dataset: "auto" }, { directory, data: own, threads: 0 })).rejects.toThrow(
      'Expected one of mnist, digits, annuli, linked-tori, nested-spheres for the name of the data, got "mine".',
    );
    expect(await readdir(root)).not.toContain("own");
  });

  it("are refused where they are not what they say", async () => {
    const directory = join(root, "false");
    const test = data.test;
    const cases: [object, string][] = [
      [{ digest: "0".repeat(64) }, "the SHA-256 of its numbers and labels, for data.digest, got"],
      [{ features: 783 }, "Expected the shape of 235200 numbers, 783 a point, for data.train.shape, got [300,784]."],
      [{ classes: 9 }, "Expected a class from 0 to 8 for data.train.labels[9], got 9."],
      [
        { test: { ...test, labels: test.labels.subarray(1) } },
        "Expected 150 labels, one a point, for data.test.labels",
      ],
      [{ train: null }, "Expected a data set as loadDataset gives it for data"],
    ];
    for (const [change, message] of cases) {
      const changed = { ...data, ...change } as typeof data;
      await expect(runStudy(config, { directory, data: changed, threads: 0 }), message).rejects.toThrow(message);
    }
    await expect(
      runStudy(smallConfig({ classes: [3], sampling: { perClass: 16 } }), { directory, data }),
    ).rejects.toThrow("Expected 1 to 15 test images of class 3 for sampling.perClass, got 16.");
    expect(await readdir(root)).not.toContain("false");
  });

  it("and unknown fields of a config are refused, with the nearest name", () => {
    expect(() => resolveConfig("quick", { widht: [2] } as object)).toThrow("Write widths.");
    expect(() => resolveConfig("quick", { training: { step: 5 } } as object)).toThrow("Write steps.");
    expect(() => resolveConfig("quick", { decision: { zzzzzz: 5 } } as object)).toThrow("Known are readout, rule,");
  });
});
