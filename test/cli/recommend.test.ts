import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveNetwork } from "../../src/network/checkpoint.js";
import { initialNetwork } from "../../src/network/weights.js";
import type { StudyResult } from "../../src/study/result.js";
import { fixtureResult } from "../report/fixture.js";
import { writeStudy } from "./study-folder.js";
import { run } from "./support.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bettina-recommend-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A study in which every training of both widths measures at least the input's loops. */
async function keepingStudy(seeds: number): Promise<string> {
  const plain = fixtureResult();
  const { readout } = plain.config.decision;
  const network = plain.measurements.filter(({ source }) => source === "network");
  const one = network.filter(({ activation }) => activation === plain.config.activations[0]);
  const first = one.filter(({ seed }) => seed === one[0]!.seed);
  const lifted = (seed: number) =>
    first.map((measurement) => ({
      ...measurement,
      seed,
      readouts: measurement.readouts.map((reading) =>
        reading.readout === readout
          ? { ...reading, betti: reading.betti.map((b) => (b === null ? null : 1000)) }
          : reading,
      ),
    }));
  const list = Array.from({ length: seeds }, (_, i) => i + 1);
  const result: StudyResult = {
    ...plain,
    config: {
      ...plain.config,
      seeds: list,
      activations: [plain.config.activations[0]!],
      decision: { ...plain.config.decision, rule: "every-class" },
    },
    measurements: [...plain.measurements.filter(({ source }) => source !== "network"), ...list.flatMap(lifted)],
  };
  const folder = join(directory, `study-${seeds}`);
  await mkdir(folder);
  await writeStudy(folder, result);
  return folder;
}

describe("bettina recommend", () => {
  it("answers for numbers given by hand", async () => {
    const { code, stdout, stderr } = await run([
      "recommend",
      "--betti",
      "1,1000",
      "--input-dim",
      "784",
      "--activations",
      "square",
      "--depth",
      "2",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const text = stdout.replace(/\s+/g, " ");
    expect(text).toContain("b_0 = 1, b_1 = 1000 (given by hand)");
    expect(text).toContain(
      "depth 2: width 4, 3165 parameters (front). At depth 2, width 3: b_1 of layer 2 ≤ 504 < 1000 (isolated-layer capacity).",
    );
    expect(text).toContain("What would change the answer");
    expect(stdout.split("\n").every((line) => line.length <= 80)).toBe(true);
  });

  it("gives all of it as one document", async () => {
    const { stdout } = await run([
      "recommend",
      "--betti",
      "1,0,1",
      "--input-dim",
      "50",
      "--activations",
      "tanh",
      "--manifold-dim",
      "2",
      "--json",
    ]);
    const advice = JSON.parse(stdout);
    expect(advice).toMatchObject({ format: "bettina-advice", target: { betti: [1, 0, 1] } });
    expect(advice.families[0].conditions.map(({ name }: { name: string }) => name)).toEqual(["N1", "N3", "N5", "N6"]);
    expect(advice.families[0].answers.map(({ question }: { question: string }) => question)).toEqual([
      "carry",
      "create",
      "region",
    ]);
  });

  it("reads diagrams: of bettina homology, of a study's job, several a file", async () => {
    const one = {
      diagrams: [
        [[0, null]],
        [
          [1, 2],
          [1, 1.05],
          [1, 3],
        ],
      ],
      threshold: 4,
      modulus: 2,
    };
    const two = { diagrams: [[[0, null]], [[1, 2]]], threshold: 4, modulus: 2 };
    const lines = join(directory, "lines.json");
    await writeFile(lines, `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`);
    const job = join(directory, "job.json");
    await writeFile(job, JSON.stringify({ job: "input", clouds: [{ class: 1, ...one }] }));
    for (const [path, origin] of [
      [lines, "readout ratio>1.1, the largest over 2 clouds; b_0 = 1 assumed, which this readout does not define"],
      [job, "readout ratio>1.1; b_0 = 1 assumed, which this readout does not define"],
    ] as const) {
      const { stdout } = await run(["recommend", path, "--input-dim", "3", "--json"]);
      expect(JSON.parse(stdout).target).toEqual({ betti: [1, 2], origin });
    }
    const counted = await run(["recommend", job, "--input-dim", "3", "--readout", "count", "--json"]);
    expect(JSON.parse(counted.stdout).target).toEqual({ betti: [1, 3], origin: "readout count" });
  });

  it("refuses diagrams of some clouds where bettina homology could not compute others", async () => {
    const good = join(directory, "good.csv");
    await writeFile(good, "0,0\n1,0\n1,1\n0,1\n");
    const lines = join(directory, "some.ndjson");
    const { code } = await run(["homology", good, join(directory, "none.csv"), "--json", "--out", lines]);
    expect(code).toBe(3);
    const outcome = await run(["recommend", lines, "--input-dim", "2"]);
    expect(outcome).toMatchObject({ code: 3, stdout: "" });
    expect(outcome.stderr).toContain(`Expected diagrams of every cloud for ${lines}, got `);
  });

  it("states confidence as strongly as the seeds allow, and no more", async () => {
    const five = (await run(["recommend", await keepingStudy(5)])).stdout.replace(/\s+/g, " ");
    expect(five).toMatch(
      /At 95 % confidence at least 50 % of trainings of width \d+ keep Betti numbers at or above the input's in every hidden layer and class measured, under readout ratio>1\.1/,
    );
    expect(five).toContain("n = 5 seeds");
    expect(five).toContain("not over images or data sets");
    const four = (await run(["recommend", await keepingStudy(4)])).stdout.replace(/\s+/g, " ");
    expect(four).not.toContain("At 95 % confidence");
    expect(four).toContain("4 trainings of each width cannot show it: 5 would be needed, all of them keeping");
    const strict = (await run(["recommend", join(directory, "study-5"), "--probability", "0.8"])).stdout.replace(
      /\s+/g,
      " ",
    );
    expect(strict).toContain("14 would be needed");
  });

  it("begins the answer on a study with its widths, and says where images are merged", async () => {
    const folder = await keepingStudy(6);
    const path = join(folder, "study.json");
    const plain = JSON.parse(await readFile(path, "utf8")) as StudyResult;
    // The narrowest networks give 15 of 200 images of class 3 the values of others, from layer 2 on.
    const measurements = plain.measurements.map((one) => ({
      ...one,
      distinctPoints: one.source === "network" && one.width === 2 && one.class === 3 && one.layer > 1 ? 185 : 200,
    }));
    await writeStudy(folder, { ...plain, measurements });
    const { stdout } = await run(["recommend", folder]);
    expect(stdout.split("\n").every((line) => line.length <= 80)).toBe(true);
    const [title, header, ...rows] = stdout.split("\n");
    expect(title).toMatch(/^relu: to keep b_0 = 1, b_1 = \d+$/);
    expect(header).toMatch(/^ +width +bounds +kept +limit +random maps +accuracy$/);
    expect(rows[0]).toMatch(/^ +2 +not excluded +6 of 6 +accepted 0\.607 +\d of 1 +\d\d\.\d %$/);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "Width 2: images merged, first at layer 2 (6 of 6 trainings with fewer distinct points than the input there; at worst 185 of 200 left, class 3, layer 2).",
    );
    const { families } = JSON.parse((await run(["recommend", folder, "--json"])).stdout);
    expect(families[0].rows[0]).toMatchObject({ width: 2, standing: "not excluded", accepted: true });
    expect(families[0].merging.images[0]).toMatchObject({ width: 2, affected: 6, first: { layer: 2, trainings: 6 } });
    expect(families[0].merging.images[1].first).toBeNull();
    const sampling = { ...plain.config.sampling, paired: false };
    await writeStudy(folder, { ...plain, config: { ...plain.config, sampling } });
    expect((await run(["recommend", folder])).stdout.replace(/\s+/g, " ")).toContain(
      "What layer 1 merges cannot be said",
    );
    // Three square layers of width 2: I_1 = 60 from the second layer on, fewer than the loops counted.
    await writeStudy(folder, fixtureResult({ activations: ["square"] }));
    const counted = JSON.parse((await run(["recommend", folder, "--readout", "count", "--json"])).stdout);
    expect(counted.families[0].rows[0].because).toMatch(/^b_1 of layer 2 ≤ 60 < 1\d\d /);
  });

  it("ends with the bottom line of the study, or with one of its own where other questions are asked", async () => {
    const folder = join(directory, "bottom");
    await mkdir(folder);
    const plain = fixtureResult();
    const hot = { ...plain.networks[0]!, losses: [{ step: 1, loss: 444_236 }] };
    await writeStudy(folder, { ...plain, networks: [hot, ...plain.networks.slice(1)] });
    const words = (text: string) => text.replace(/\s+/g, " ").trim();
    const { stdout } = await run(["recommend", folder]);
    expect(words(stdout).endsWith(words(plain.recommendation.summary))).toBe(true);
    expect(words(stdout)).toContain("diverged and is no evidence for any width");
    const other = plain.config.readouts.find((readout) => readout !== plain.config.decision.readout)!;
    const asked = words((await run(["recommend", folder, "--readout", other])).stdout);
    expect(asked).toMatch(new RegExp(`In short, by ${other}: [^:]+: [^.]*\\.( [^:]+: [^.]*\\.)*$`));
    const document = JSON.parse((await run(["recommend", folder, "--json"])).stdout);
    expect(document.summary).toBe(plain.recommendation.summary);
    expect(document.diverged).toHaveLength(1);
  });

  it("names what is wrong", async () => {
    const broken = join(directory, "broken.json");
    await writeFile(broken, "{");
    const list = join(directory, "list.json");
    await writeFile(list, '{"diagrams": [[["a", 1]]]}');
    const saved = join(directory, "saved.json");
    await writeFile(saved, '{"diagrams": [[[0, null]], [[1, 2]]]}');
    const folder = await keepingStudy(1);
    const cases: [string[], number, string][] = [
      [["recommend"], 2, "got none of them"],
      [["recommend", folder, "--betti", "1,2"], 2, "got two of them"],
      [["recommend", "--betti", "1,x", "--input-dim", "3"], 2, "for --betti"],
      [["recommend", "--betti", "1,-2", "--input-dim", "3"], 2, "for --betti"],
      [["recommend", "--betti", "0,2", "--input-dim", "3"], 2, "for b_0"],
      [["recommend", "--betti", "1,2"], 2, "--input-dim"],
      [["recommend", "--betti", "1,2", "--input-dim", "3", "--activations", "wobble"], 2, "for activation"],
      [["recommend", "--betti", "1,2", "--input-dim", "3", "--modulus", "9"], 2, "or 0 for the rationals"],
      [["recommend", "--betti", "1,2", "--input-dim", "3", "--depth", "4-2"], 2, "for --depth"],
      [["recommend", "--betti", "1,2", "--input-dim", "3", "--probability", "0.9"], 2, "a study for it"],
      [["recommend", folder, "--probability", "1"], 2, "above 0 and below 1"],
      [["recommend", folder, "--readout", "paper"], 2, "for --readout"],
      [["recommend", broken, "--input-dim", "3"], 3, "Expected JSON"],
      [["recommend", list, "--input-dim", "3"], 3, "lists of [birth, death or null]"],
      [["recommend", saved, "--input-dim", "3", "--readout", "fasy"], 2, "a readout of diagrams alone for --readout"],
      [["recommend", saved, "--input-dim", "3", "--readout", "relative-persistence>0.1"], 2, "diagrams alone"],
      [["recommend", join(directory, "nothing"), "--input-dim", "3"], 3, "readable file"],
      [["recommend", directory], 3, "study.json"],
    ];
    for (const [args, code, message] of cases) {
      const outcome = await run(args);
      expect(outcome, args.join(" ")).toMatchObject({ code, stdout: "" });
      expect(outcome.stderr).toContain(message);
    }
  });
});

describe("bettina bounds", () => {
  it("takes convolutions, residual blocks and layers with activations of their own", async () => {
    const { code, stdout } = await run(["bounds", "4x4x1-conv2x2x1-pool2s1-[3-4]:relu"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Layers: 1 conv2x2x1 (relu), 2 pool2s1, 3 [3-4].");
    const { created, parameters } = JSON.parse(
      (await run(["bounds", "4x4x1-conv2x2x1-pool2s1:relu", "--json"])).stdout,
    );
    expect(created.find((entry: { layer: number; k: number }) => entry.layer === 2 && entry.k === 1).bound.exact).toBe(
      "871879349605224961",
    );
    expect(parameters).toBe(5);
  });

  it("shows regions, and quoted statements apart from the bounds", async () => {
    const { stdout } = await run(["bounds", "2-3-1:tanh"]);
    expect(stdout).toMatch(/\{F ≥ 0\}: sum of all b_k at most 48000/);
    const [bounds, apart] = stdout.split("Apart: quoted from memory or asymptotic; never part of a bound above");
    expect(apart).toContain("recalled");
    expect(bounds).not.toContain("recalled");
  });

  it("sharpens by weights, and says how", async () => {
    const folder = join(directory, "network");
    const spec = { widths: [6, 4, 4, 3], activation: "square", initialisation: "he", batchNorm: "none" } as const;
    const rest = {
      batchNormEpsilon: 1e-3,
      loss: "mean",
      learningRate: 0.1,
      batchSize: 1,
      steps: 0,
      heldBack: 0,
    } as const;
    const start = initialNetwork({ ...spec, ...rest }, 1);
    // Constants beyond the reach of the inputs: nothing folds.
    const layers = start.layers.map((layer) => ({ ...layer, bias: layer.bias.map(() => 1000) }));
    await saveNetwork(folder, { ...start, layers });
    const { code, stdout } = await run(["bounds", "--weights", folder]);
    expect(code).toBe(0);
    expect(stdout).toContain("layer 1: rank 4 of 4");
    expect(stdout).toContain("0 of 4 units may fold, 4 certified not to");
    expect(stdout).toContain("{F_c ≥ F_j for all j}, 3 classes");
    const at = (text: string) =>
      BigInt(
        JSON.parse(text).created.find((entry: { layer: number; k: number }) => entry.layer === 2 && entry.k === 1).bound
          .exact,
      );
    const sharp = at((await run(["bounds", "--weights", folder, "--json"])).stdout);
    expect(sharp).toBeLessThan(at((await run(["bounds", "6-4-4-3:square", "--json"])).stdout));
    for (const [args, message] of [
      [["bounds", "6-4:square", "--weights", folder], "6-4-4-3:square, as the weights have it"],
      [["bounds", "--weights", folder, "--domain", "points:3"], "ball or cube with --weights"],
      [["bounds", "6-4:square", "--radius", "1"], "--weights"],
      [["bounds", "--weights", folder, "--radius", "0"], "radius"],
      [["bounds"], "an architecture or --weights"],
      [["bounds", "6-4-1:square", "--domain", "space"], "need a compact domain"],
      [["bounds", "6-4:square", "--max-dim", "-1"], "--max-dim"],
      [["bounds", "6-4@relu-2@square:square", "--domain", "points:4"], "compact convex domain"],
    ] as [string[], string][]) {
      const outcome = await run(args);
      expect(outcome, args.join(" ")).toMatchObject({ code: 2, stdout: "" });
      expect(outcome.stderr).toContain(message);
    }
    expect((await run(["bounds", "--weights", directory])).code).toBe(3);
  });
});
