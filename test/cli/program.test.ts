import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complain } from "../../src/cli/complain.js";
import { version } from "../../src/cli/program.js";
import { ConfigError } from "../../src/errors.js";
import { formatNpy } from "../../src/io/npy.js";
import { resolveConfig, withDataset } from "../../src/study/config.js";
import { Store } from "../../src/study/store.js";
import { fixtureResult } from "../report/fixture.js";
import { writeStudy } from "./study-folder.js";
import { run } from "./support.js";

let directory: string;
let circle: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bettina-cli-"));
  circle = join(directory, "circle.csv");
  // Unit circle at angles 10° · {0,3,7,10,14,18,21,26,29,33}: theory 7.1 gives its intervals (GUDHI 3.7.1).
  const angles = [0, 3, 7, 10, 14, 18, 21, 26, 29, 33].map((tens) => (tens * Math.PI) / 18);
  await writeFile(circle, angles.map((angle) => `${Math.cos(angle)},${Math.sin(angle)}\n`).join(""));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("the program", () => {
  it("prints its version and its commands", async () => {
    expect(await run(["--version"])).toEqual({ code: 0, stdout: `${version()}\n`, stderr: "" });
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    for (const command of ["study", "train", "measure", "homology", "bounds", "recommend", "report", "data", "doctor"])
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
    expect(stdout).toContain("Exit codes:");
  });

  it("gives every command a help with an example", async () => {
    for (const command of ["study", "train", "measure", "homology", "bounds", "recommend", "report", "data"])
      expect((await run([command, "--help"])).stdout).toMatch(/Examples?:\n {2}bettina /);
  });

  it("ends with 2 and a suggestion for what it does not know", async () => {
    expect(await run([])).toMatchObject({ code: 2, stdout: "" });
    expect(await run(["homolgy", circle])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Did you mean homology?"),
    });
    expect(await run(["homology", "--threshhold", "2", circle])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("Did you mean --threshold?"),
    });
    expect(await run(["homology"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Expected a file, - for standard input, or --dataset"),
    });
  });

  it("refuses an option with two values, a contradiction, standard input twice, and a field that options would hide", async () => {
    const config = join(directory, "training.json");
    await writeFile(config, '{"training": 3}');
    const cases: [string[], string][] = [
      [["study", "--config", config, "--steps", "3", "--dry-run"], "for training, got 3."],
      [["study", "--data", "", "--dry-run"], 'Expected a path for --data, got "".'],
      [
        ["homology", circle, "--threshold", "1", "--threshold", "2"],
        'Expected one value for --threshold, got "1 and 2".',
      ],
      [["homology", circle, "--dim", "1", "--max-dim", "2"], 'Expected one value for --max-dim, got "1 and 2".'],
      [["study", "--resume", "--no-resume"], 'Expected one value for --no-resume, got "on and off".'],
      [["study", "--dry-run", "--json", "--ndjson"], 'Expected either --json or --ndjson for output, got "both".'],
      [["homology", "-", circle, "-"], "Expected standard input at most once for files, got 2."],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }, args.join(" ")).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^bettina: [^\n]*\n$/);
      expect(stderr).toContain(message);
    }
    // The same said twice is one thing.
    expect((await run(["homology", circle, "--dim", "1", "--dim", "1", "--json", "--json"])).code).toBe(0);
  });

  it("names the option and what would be right for a wrong value", async () => {
    const cases: [string[], string][] = [
      [["homology", circle, "--dim", "x"], 'Expected an integer from 0 to 1000 for --max-dim, got "x".'],
      [["homology", circle, "--threshold", "-1"], 'for --threshold, got "-1".'],
      [
        ["homology", circle, "--metric", "cosmic"],
        'Expected one of euclidean, sqeuclidean, manhattan, chebyshev, cosine for --metric, got "cosmic".',
      ],
      [["homology", circle, "--modulus", "4"], "modulus"],
      [["homology", circle, "--format", "xyz"], "Expected one of point-cloud, distance"],
      [["homology", circle, "--memory-limit", "lots"], "Expected an amount of memory"],
      [["homology", circle, "--barcode", "bars.gif"], "Expected a file that ends in .svg or .png for --barcode"],
      [["homology", circle, circle, "--barcode", "b.svg"], "one input"],
      [["bounds", "784-64"], "Expected layer sizes, a colon and an activation for architecture"],
      [["bounds", "784-0:square"], "Expected a positive integer for layer size"],
      [["bounds", "784-64:sqare"], "sqare"],
      [["homology", circle, "--dim", "1001"], 'Expected an integer from 0 to 1000 for --max-dim, got "1001".'],
      [
        ["homology", circle, "--memory-limit", "0.5"],
        'Expected an amount of memory, at least one byte, for --memory-limit, got "0.5".',
      ],
      [["homology", circle, "--out", ""], 'Expected a path for --out, got "".'],
      [["homology", circle, "--out", circle], "Expected another file than the input for --out"],
      [["homology", circle, "--out", directory], "(it is a folder)"],
      [["homology", circle, "--out", join(circle, "x")], "(a file stands where a folder is needed)"],
      [["bounds", "784-64:square", "--dim", "1000000"], "Expected an integer from 0 to 1000 for --max-dim"],
      [["data", "fetch", "--url", "notaurl"], "Expected an address that begins with http:// or https:// for url"],
      [["study", "--dry-run", "--out", ""], 'Expected a path for --out, got "".'],
      [["study", "--dry-run", "--widths", "2,x"], 'Expected an integer of at least 1 for --widths, got "x".'],
      [
        ["study", "--dry-run", "--widths", "64--32"],
        'Expected a positive integer for layer size, got "". Use for instance --widths 64-32-16,8.',
      ],
      [["study", "--dry-run", "--widths", "0"], 'Expected an integer of at least 1 for --widths, got "0".'],
      [["study", "--dry-run", "--activations", "tan"], "Expected one of relu, square, tanh, identity, leaky-relu"],
      [["study", "--dry-run", "--preset", "fast"], 'Expected quick, sound, paper or shapes for preset, got "fast".'],
      [
        ["study", "--dry-run", "--dataset", "cifar"],
        "Expected one of auto, mnist, digits, annuli, linked-tori, nested-spheres for --dataset",
      ],
    ];
    for (const [args, message] of cases) {
      const outcome = await run(args);
      expect(outcome, args.join(" ")).toMatchObject({ code: 2, stdout: "" });
      expect(outcome.stderr).toContain(message);
      expect(outcome.stderr).toMatch(/^bettina: Expected [^\n]*\.\n$/);
    }
  });

  it("names what is wrong in a config", async () => {
    const file = join(directory, "wrong.json");
    const cases: [string, string][] = [
      ["{bro", `Expected JSON for --config (${file}), got "{bro".`],
      ["", 'got "".'],
      ["[]", `Expected a JSON object for --config (${file}), got [].`],
      ['{"preset":5}', "Expected quick, sound, paper or shapes for preset, got 5."],
      ['{"training":null}', "Expected an object with fields of its own for training, got null."],
      ['{"foo":1}', 'Expected only known fields for config, got "foo".'],
    ];
    for (const [content, message] of cases) {
      await writeFile(file, content);
      const outcome = await run(["study", "--dry-run", "--config", file]);
      expect(outcome, content).toMatchObject({ code: 2, stdout: "" });
      expect(outcome.stderr).toContain(message);
    }
    await writeFile(file, '\ufeff{"seed":2}');
    expect((await run(["study", "--dry-run", "--config", file])).code).toBe(0);
  });

  it("names what is wrong in a study's folder", async () => {
    const folder = join(directory, "changed");
    await mkdir(folder, { recursive: true });
    const whole = JSON.parse(JSON.stringify(fixtureResult()));
    const cases: [object, string][] = [
      [[], "Expected a study of this version for "],
      [{ ...whole, formatVersion: 4 }, "bettina-study, version 4: formatVersion: "],
      [{ ...whole, versions: undefined }, "version 3: versions: "],
      [{ ...whole, samples: {} }, "version 3: samples: "],
      [{ ...whole, config: {} }, "version 3: config.preset: "],
    ];
    for (const [content, message] of cases) {
      await writeStudy(folder, content);
      for (const options of [[], ["--text"]]) {
        const outcome = await run(["report", folder, ...options]);
        expect(outcome, message).toMatchObject({ code: 3, stdout: "" });
        expect(outcome.stderr).toContain(message);
      }
    }
  });

  it("ends with 3 for input that cannot be used", async () => {
    const missing = await run(["homology", join(directory, "nothing.csv")]);
    expect(missing).toMatchObject({ code: 3, stdout: "" });
    expect(missing.stderr).toMatch(/^bettina: Expected a readable file for input, got ".*nothing\.csv".*\n$/);
    const ragged = join(directory, "ragged.csv");
    await writeFile(ragged, "1,2\n3\n");
    expect((await run(["homology", ragged])).code).toBe(3);
    expect((await run(["report", directory])).code).toBe(3);
    expect(await run(["study", "--data", join(directory, "none"), "--out", join(directory, "s")])).toMatchObject({
      code: 3,
      stdout: "",
    });
  });

  it("keeps the stack to itself unless asked", () => {
    const written: string[] = [];
    const io = { stderr: { write: (text: string) => written.push(text) }, environment: { NO_COLOR: "1" } };
    expect(complain(new ConfigError("Expected a.", { hint: "Do b." }), io, false)).toBe(2);
    expect(complain(new TypeError("x is not a function"), io, false)).toBe(70);
    expect(written).toEqual([
      "bettina: Expected a. Do b.\n",
      "bettina: internal error: x is not a function\n",
      "Run again with --debug to see where.\n",
    ]);
    written.length = 0;
    expect(complain(new TypeError("x", { cause: new Error("y") }), io, true)).toBe(70);
    expect(written.join("")).toMatch(/TypeError: x\n\s+at [\s\S]*caused by Error: y/);
  });
});

describe("homology", () => {
  it("prints the documented JSON, one line a file", async () => {
    const { code, stdout } = await run(["homology", circle, circle, "--json"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    const document = JSON.parse(lines[0]!);
    expect(Object.keys(document)).toEqual(["diagrams", "threshold", "modulus", "maxDim", "n", "metric", "input"]);
    expect(document).toMatchObject({ modulus: 2, maxDim: 1, n: 10, metric: "euclidean", input: circle });
    const [h0, h1] = document.diagrams as [number, number | null][][];
    expect(h0!.map(([, death]) => death)).toEqual([...Array(5).fill(0.5176381), ...Array(4).fill(0.6840403), null]);
    expect(h1).toHaveLength(1);
    expect(h1![0]![0]).toBeCloseTo(0.845236523481, 6);
    expect(h1![0]![1]).toBeCloseTo(1.812615574073, 6);
  });

  it("takes Ripser's words for its options", async () => {
    const long = await run(["homology", circle, "--max-dim", "0", "--modulus", "3", "--threshold", "0.6", "--json"]);
    const short = await run(["homology", circle, "--dim", "0", "--field", "3", "--threshold", "0.6", "--json"]);
    expect(short).toEqual(long);
    expect(JSON.parse(long.stdout)).toMatchObject({ modulus: 3, maxDim: 0, threshold: 0.6 });
    // At 0.6 the circle's four wider gaps are still open: five pieces.
    expect(
      JSON.parse(long.stdout).diagrams[0].filter(([, death]: [number, number | null]) => death === null),
    ).toHaveLength(5);
  });

  it("keeps every edge with --threshold inf, and says null", async () => {
    const document = JSON.parse((await run(["homology", circle, "--threshold", "inf", "--json"])).stdout);
    expect(document.threshold === null || document.threshold >= 1.99).toBe(true);
    expect(document.diagrams[1]).toHaveLength(1);
  });

  it("drops intervals below the ratio, except those born at 0", async () => {
    const count = async (ratio: string) =>
      JSON.parse((await run(["homology", circle, "--ratio", ratio, "--json"])).stdout).diagrams.map(
        (diagram: unknown[]) => diagram.length,
      );
    // The loop's ratio is 1.8126 / 0.8452 = 2.1445.
    expect(await count("2.1")).toEqual([10, 1]);
    expect(await count("2.2")).toEqual([10, 0]);
  });

  it("prints a summary for people", async () => {
    const { stdout } = await run(["homology", circle]);
    expect(stdout).toContain("10 points, metric euclidean, edges up to 1.99239, coefficients in Z/2");
    expect(stdout).toMatch(/H0 +10 +1 +\[0, 0\.68404\)\n {2}H1 +1 +0 +\[0\.845237, 1\.81262\)/);
  });

  it("writes results and pictures to files", async () => {
    const out = join(directory, "circle.json");
    const bars = join(directory, "bars.svg");
    const points = join(directory, "points.png");
    const outcome = await run(["homology", circle, "--json", "--out", out, "--barcode", bars, "--diagram", points]);
    expect(outcome).toMatchObject({ code: 0, stdout: "" });
    expect(outcome.stderr).toContain(bars);
    expect(JSON.parse(await readFile(out, "utf8")).n).toBe(10);
    expect(await readFile(bars, "utf8")).toContain("edge length (diameter)");
    expect((await readFile(points)).subarray(1, 4).toString()).toBe("PNG");
    expect((await run(["homology", circle, "--quiet", "--out", out])).stderr).toBe("");
  });
});

describe("bounds", () => {
  it("prints U_k and I_k with field and theorem", async () => {
    const { code, stdout } = await run(["bounds", "784-2-2@square:square"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ 2 +2 +1 +1943 +\[\d\] +60 +\[\d\]/);
    expect(stdout).toContain("any field");
  });

  it("prints JSON, also for characteristic 0 (theory 2.4: 971 for ranks (2, 2))", async () => {
    const document = JSON.parse((await run(["bounds", "784-2-2@square:square", "--field", "char0", "--json"])).stdout);
    const entry = document.created.find(({ layer, k }: { layer: number; k: number }) => layer === 2 && k === 1);
    expect(entry.bound.exact).toBe("971");
    expect(document.assumptions).toEqual({ domain: "ball", dataDegree: 2, dataInequalities: 0 });
  });

  it("explains", async () => {
    const { stdout } = await run(["bounds", "784-2-2@square:square", "--explain", "--dim", "2"]);
    expect(stdout).toContain("layer 2 creates, b1:");
    expect(stdout).toMatch(/ 2 +2 +2 +0 /);
  });
});

describe("study --dry-run", () => {
  it("plans and does nothing", async () => {
    const out = join(directory, "planned");
    const { code, stdout } = await run(["study", "--dry-run", "--out", out]);
    expect(code).toBe(0);
    expect(stdout).toContain("19 jobs, 12 networks, 790 clouds");
    expect(stdout).toContain("Nothing was done.");
    await expect(readFile(join(out, "config.json"))).rejects.toThrow();
  });

  it("puts options over the file over the preset, and names the folder by the config's digest", async () => {
    const file = join(directory, "config.json");
    await writeFile(file, JSON.stringify({ widths: [3, 5], seeds: [7], training: { steps: 9 } }));
    const plan = JSON.parse((await run(["study", "--dry-run", "--json", "--config", file, "--widths", "4"])).stdout);
    expect(plan.config).toMatchObject({
      preset: "custom",
      widths: [4],
      seeds: [7],
      training: { steps: 9, batchSize: 256 },
    });
    expect(plan.directory).toMatch(/^runs.custom-[0-9a-f]{8}$/);
    const paper = JSON.parse((await run(["study", "--dry-run", "--json", "--preset", "paper"])).stdout);
    expect(paper.config.widths).toHaveLength(31);
    // The config.json of a study's folder can be given back.
    await writeFile(file, JSON.stringify({ digest: "x", config: plan.config }));
    const again = JSON.parse((await run(["study", "--dry-run", "--json", "--config", file])).stdout);
    expect(again.directory).toBe(plan.directory);
  });

  it("gives studies on different data folders of their own, and names the data", async () => {
    const none = { BETTINA_CACHE: join(directory, "no-cache") };
    const plan = async (dataset: string) =>
      JSON.parse((await run(["study", "--dry-run", "--json", "--dataset", dataset], none)).stdout);
    const [auto, mnist, digits] = [await plan("auto"), await plan("mnist"), await plan("digits")];
    expect(auto.directory).toBe(mnist.directory);
    expect(digits.directory).not.toBe(mnist.directory);
    expect(auto).toMatchObject({ data: { name: "mnist", found: false }, config: { dataset: "mnist" } });
    expect(digits).toMatchObject({ data: { name: "digits", found: true }, config: { dataset: "digits" } });
    expect((await run(["study", "--dry-run"], none)).stdout).toContain(
      "quick study of MNIST, downloaded first; where it cannot be had, of drawn digits in a folder of their own:",
    );
  });

  it("says what the study would: data that are not there, a folder begun on other data or by another config", async () => {
    const missing = join(directory, "no-mnist");
    for (const dry of [[], ["--dry-run"]]) {
      const outcome = await run(["study", ...dry, "--data", missing, "--out", join(directory, "not-begun")]);
      expect(outcome).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("for the data folder") });
      const both = await run(["study", ...dry, "--dataset", "digits", "--data", missing]);
      expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing, as dataset is digits,") });
    }
    const out = join(directory, "begun");
    await new Store(out).open(withDataset(resolveConfig("quick"), "mnist"), "d");
    const digits = ["study", "--dry-run", "--dataset", "digits", "--out", out];
    expect(await run(digits)).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(
        "got a study on other data (mnist). Choose another folder with --out, or pass --force",
      ),
    });
    expect((await run([...digits, "--force"])).stdout).toContain("(the other study in it is removed)");
    const none = { BETTINA_CACHE: join(directory, "no-cache") };
    const same = await run(["study", "--dry-run", "--out", out], none);
    expect(same.stdout).toContain(`into ${out} (begun earlier: finished jobs are kept)`);
    expect((await run(["study", "--dry-run", "--steps", "5", "--out", out], none)).stderr).toContain(
      "got a study with another config (training.steps). Choose",
    );
  });

  it("says the same times as the help and the README", async () => {
    const readme = await readFile(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
    const help = (await run(["study", "--help"])).stdout.replace(/\s+/g, " ");
    const none = { BETTINA_CACHE: join(directory, "no-cache") };
    for (const preset of ["quick", "paper"]) {
      const { stdout } = await run(["study", "--dry-run", "--threads", "2", "--preset", preset], none);
      const [, time] = /about ([\d.]+ \w+) on 2 threads/.exec(stdout)!;
      expect(help).toContain(`about ${time}`);
      expect(readme.replace(/\s+/g, " ")).toContain(`about ${time}`);
    }
  });

  it("complains about a config file that is none", async () => {
    const file = join(directory, "bad.json");
    await writeFile(file, "{");
    expect(await run(["study", "--dry-run", "--config", file])).toMatchObject({ code: 2 });
    expect(await run(["study", "--dry-run", "--config", join(directory, "no.json")])).toMatchObject({ code: 3 });
    await writeFile(file, '{"widht": [2]}');
    expect((await run(["study", "--dry-run", "--config", file])).stderr).toContain("widht");
  });
});

describe("report", () => {
  it("prints the tables of a study's folder, or writes the report", async () => {
    const folder = await mkdtemp(join(directory, "study-"));
    await writeStudy(folder, fixtureResult({ generated: true }));
    const text = await run(["report", folder, "--text"]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^GENERATED DIGITS, NOT MNIST/);
    expect(text.stdout).toContain("square: b1 by count");
    const written = await run(["report", folder, "--quiet"]);
    expect(written).toEqual({ code: 0, stdout: `${join(folder, "report.html")}\n`, stderr: "" });
    expect(await readFile(join(folder, "report.html"), "utf8")).toContain("GENERATED DIGITS");
  });

  it("refuses what is no study", async () => {
    const folder = await mkdtemp(join(directory, "other-"));
    await writeFile(join(folder, "study.json"), '{"format":"other"}');
    const { code, stderr } = await run(["report", folder]);
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining("Expected a folder with a manifest.json for the study"),
    ]);
    expect(stderr).toContain(`The study was not finished, or an older version made it. Run bettina study --config`);
  });
});

describe("README.md", () => {
  const readme = readFile(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");

  it("measures a network of one's own: its commands work on the file its Python writes", async () => {
    const text = await readme;
    const example = text.slice(text.indexOf("## Your own network"), text.indexOf("## API"));
    const commands = [...example.matchAll(/^ {4}bettina (.*?)(?: {2,}#.*)?$/gm)].map(([, line]) =>
      Array.from(line!.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain!),
    );
    expect(commands.map(([name]) => name)).toEqual(["homology", "homology", "bounds"]);
    // What np.save writes of 40 rows and 3 columns of float32: points on a circle in space.
    const circle = Float32Array.from({ length: 120 }, (_, i) => {
      const angle = (2 * Math.PI * Math.floor(i / 3)) / 40;
      return [Math.cos(angle), Math.sin(angle), 1][i % 3]!;
    });
    const file = join(directory, "layer1.npy");
    await writeFile(file, formatNpy(circle, [40, 3]));
    for (const command of commands) {
      const { code, stdout } = await run(command.map((word) => (word === "layer1.npy" ? file : word)));
      expect(code, command.join(" ")).toBe(0);
      if (command.includes("--json")) expect(JSON.parse(stdout).diagrams[1]).toHaveLength(1);
      else if (command.includes("--readout")) expect(stdout).toMatch(/by ratio>1\.1: b0 –, b1 1$/m);
      else expect(stdout).toContain("creates at most");
    }
  });
});

describe("data", () => {
  it("says where it looked and what a study would use", async () => {
    const environment = { BETTINA_CACHE: join(directory, "cache") };
    const { code, stdout } = await run(["data"], environment);
    expect(code).toBe(0);
    expect(stdout).toContain("downloaded into the user's cache; if it cannot be had, digits drawn by bettina");
    const named = await run(["data", "show", "--data", directory, "--json"], environment);
    expect(JSON.parse(named.stdout)).toMatchObject({
      places: [{ place: "--data", found: 0, complete: false }, { place: "the user's cache" }],
      wouldUse: expect.stringContaining("nothing: --data"),
    });
    expect(await run(["data", "verify", "--data", directory], environment)).toMatchObject({ code: 3 });
  });
});
