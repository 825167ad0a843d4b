import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accuracy } from "../../src/network/activations.js";
import { openBackend } from "../../src/network/backend.js";
import { loadNetwork } from "../../src/network/checkpoint.js";
import type { StudyResult } from "../../src/study/result.js";
import { runStudy } from "../../src/study/run-study.js";
import { smallConfig, smallDataset } from "./small-data.js";

const data = smallDataset();
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bettina-weights-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("the weights of a study", () => {
  it("are kept where asked for, are those that were measured, and change no result", async () => {
    const plain = join(directory, "plain");
    const kept = join(directory, "kept");
    const started: string[] = [];
    const study = (to: string, saveWeights: boolean): Promise<StudyResult> =>
      runStudy(smallConfig(), {
        directory: to,
        data,
        threads: 0,
        saveWeights,
        onEvent: (event) => event.type === "job-start" && started.push(event.job),
      });
    const result = await study(plain, false);
    expect(await readdir(plain)).not.toContain("weights");
    await study(kept, true);
    const bytes = (folder: string) => readFile(join(folder, "study.json"), "utf8");
    expect(await bytes(kept)).toBe(await bytes(plain));
    expect(await readdir(join(kept, "weights"))).toEqual(result.networks.map(({ id }) => id).sort());

    const { id, testAccuracy, widths } = result.networks.at(-1)!;
    const weights = await loadNetwork(join(kept, "weights", id));
    expect(weights.widths).toEqual(widths);
    expect(accuracy(await openBackend(), weights, data.test)).toBe(testAccuracy);

    // A finished study without weights trains again for them, and nothing else; one with them is shown.
    started.length = 0;
    await study(plain, true);
    expect([...started].sort()).toEqual(result.networks.map(({ id: job }) => job).sort());
    const one = join("weights", id, "layer1.kernel.npy");
    expect(await readFile(join(plain, one))).toEqual(await readFile(join(kept, one)));
    started.length = 0;
    await study(plain, true);
    expect(started).toEqual([]);
    // Beginning anew without asking for them leaves none behind.
    await runStudy(smallConfig(), { directory: plain, data, threads: 0, force: true });
    expect(await readdir(plain)).not.toContain("weights");
  });
});
