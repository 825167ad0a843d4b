/** The built program as a process: what it loads, how it ends, whole studies from the command line to the files. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { built, main, start } from "./support.js";

describe.skipIf(!built)("the built program", () => {
  let directory: string;
  let square: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "bettina-process-"));
    square = join(directory, "square.csv");
    await writeFile(square, "0,0\n0,1\n1,0\n1,1\n");
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it("computes homology without loading the training library, the charts, the study or the data", async () => {
    const coverage = join(directory, "coverage");
    const { code, stdout } = await start(["homology", square, "--json"], {
      environment: { NODE_V8_COVERAGE: coverage },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).diagrams[1]).toEqual([[1, Number(Math.fround(Math.SQRT2).toPrecision(8))]]);
    // Node writes down every script a process and its threads loaded.
    const scripts: string[] = [];
    for (const name of await readdir(coverage)) {
      const { result } = JSON.parse(await readFile(join(coverage, name), "utf8")) as { result: { url: string }[] };
      scripts.push(...result.map(({ url }) => url));
    }
    expect(scripts.some((url) => url.endsWith("/dist/topology/persistence.js"))).toBe(true);
    expect(scripts.filter((url) => /node_modules\/(@tensorflow|vega|d3-|@resvg|zod)/.test(url))).toEqual([]);
    expect(scripts.filter((url) => /\/dist\/(network|study|data|selection)\//.test(url))).toEqual([]);
  });

  it("reads standard input", async () => {
    const { code, stdout } = await start(["homology", "-", "--format", "point-cloud"], {
      input: "0 0\n0 1\n1 0\n1 1\n",
    });
    expect(code).toBe(0);
    expect(stdout).toContain("H1          1          0  [1, 1.41421)");
  });

  it.skipIf(!existsSync("/dev/full"))("says so when its result could not be written", async () => {
    const { status, stderr } = spawnSync("sh", [
      "-c",
      `"$0" "$1" homology "$2" > /dev/full`,
      process.execPath,
      main,
      square,
    ]);
    expect(status).toBe(4);
    expect(String(stderr)).toContain("Expected room on the disk for output");
  });

  it.skipIf(process.platform === "win32")(
    "writes a file whole or not at all, also where only a part would fit",
    async () => {
      // With a limit on the size of files the system takes the part that fits, as it does on a disk that is almost full.
      const target = join(directory, "part");
      const atomic = new URL("../../dist/io/atomic.js", import.meta.url).href;
      const code = `process.on("SIGXFSZ", () => {});
      const { writeFileAtomic } = await import(${JSON.stringify(atomic)});
      await writeFileAtomic(${JSON.stringify(target)}, "a".repeat(50000)).catch((error) => console.log(error.message));`;
      const { stdout } = spawnSync("bash", [
        "-c",
        'ulimit -f 20 && "$0" --input-type=module -e "$1"',
        process.execPath,
        code,
      ]);
      expect(String(stdout)).toContain("Expected room on the disk for output");
      expect((await readdir(directory)).filter((name) => name.startsWith("part"))).toEqual([]);
    },
  );

  it("ends quietly when its reader has seen enough", async () => {
    const many = join(directory, "many.csv");
    await writeFile(many, Array.from({ length: 900 }, (_, i) => `${i ** 1.5}\n`).join(""));
    const files = Array<string>(20).fill(many);
    const stderr = await new Promise<string>((resolve, reject) => {
      const child = spawn(process.execPath, [main, "homology", ...files, "--json"], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = "";
      child.stderr.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      child.stdout.once("data", () => child.stdout.destroy());
      child.on("error", reject);
      child.on("close", (code) => resolve(`${code}${text}`));
    });
    expect(stderr).toBe("0");
  });

  for (const [signal, expected] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    it(`ends with ${expected} on ${signal}, keeps finished jobs and no half-written study`, async () => {
      const out = join(directory, signal);
      const args = ["study", "--dataset", "digits", "--widths", "2,3", "--steps", "100000", "--per-class", "20"];
      let killed = false;
      const outcome = await start([...args, "--backend", "wasm", "--ndjson", "--out", out], {
        onStdout: (text, kill) => {
          if (killed || !text.includes("job-progress")) return;
          killed = true;
          kill(signal);
        },
      });
      expect(outcome.code).toBe(expected);
      expect(outcome.stderr).toContain("run the same command again to go on");
      const names = await readdir(out);
      expect(names).toContain("config.json");
      expect(names).not.toContain("study.json");
      expect(names).not.toContain("report.html");
    });

  it("does a whole study, shows it again, and rebuilds the same report", async () => {
    const out = join(directory, "study");
    const args = ["study", "--dataset", "digits", "--widths", "2,3", "--activations", "square", "--steps", "10"];
    args.push("--per-class", "20", "--classes", "0,1", "--out", out);
    const first = await start(args);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^GENERATED DIGITS, NOT MNIST: [^\n]*Drawn just now\.\nTraining backend: /);
    expect(first.stdout).toContain("square: b1 by universal-null@0.05");
    // Twenty images of a digit have fewer than five loops: nothing was tested, and nothing is called noise.
    expect(first.stdout.replace(/\s+/g, " ")).toContain("could not be tested on the input (too few intervals to test)");
    expect(first.stdout).toContain("Recommendation (indicative, one training)");
    // It ends with the bottom line, the folder and the report; reasons are printed where they are asked for.
    const { recommendation } = JSON.parse(await readFile(join(out, "study.json"), "utf8"));
    const words = (text: string) => text.replace(/\s+/g, " ");
    expect(words(first.stdout)).toContain(
      words(
        `${recommendation.summary} The reasons are in the report; --verbose prints them. Everything is in ${out}; open ${join(out, "report.html")}`,
      ),
    );
    const reason = recommendation.sentences[0].replace(/^square: ./, "");
    expect(words(first.stdout)).not.toContain(words(reason));
    const verbose = words((await start([...args, "--verbose"])).stdout);
    expect(verbose).toContain(words(reason));
    expect(
      verbose.endsWith(`${words(recommendation.summary)} Everything is in ${out}; open ${join(out, "report.html")} `),
    ).toBe(true);
    const advice = words((await start(["recommend", out])).stdout);
    expect(advice.endsWith(`${words(recommendation.summary)} `)).toBe(true);
    const names = await readdir(out);
    expect(names).toEqual(
      expect.arrayContaining(["barcodes", "betti.csv", "charts", "diagrams", "report.html", "study.json"]),
    );
    const digest = async (name: string) =>
      createHash("sha256")
        .update(await readFile(join(out, name)))
        .digest("hex");
    const files = ["report.html", "charts/accuracy.svg", "barcodes/input-class0.svg"];
    const before = await Promise.all(files.map(digest));

    const lines = (await start([...args, "--ndjson"])).stdout.trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line));
    expect(events.find(({ type }) => type === "study-end")).toMatchObject({ shown: true, failures: 0 });
    expect(events.at(-1)).toMatchObject({ type: "result", directory: out, failures: [] });
    const again = await start([...args, "--json", "--quiet"]);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(await readFile(join(out, "study.json"), "utf8")));

    expect((await start(["report", out])).code).toBe(0);
    expect(await Promise.all(files.map(digest))).toEqual(before);
  });

  it("ends with 7 when jobs failed, with everything else written", async () => {
    const config = join(directory, "hot.json");
    await writeFile(config, '{"training": {"learningRate": 1e30}}');
    const out = join(directory, "failed");
    const args = ["study", "--dataset", "digits", "--config", config, "--widths", "2,3", "--activations", "square"];
    const { code, stdout } = await start([
      ...args,
      "--steps",
      "20",
      "--per-class",
      "20",
      "--classes",
      "0",
      "--out",
      out,
    ]);
    expect(code).toBe(7);
    // All of them, each once, with its reason.
    expect([...stdout.matchAll(/^Failed: (\S+): (Expected a finite number for loss)/gm)].map(([, job]) => job)).toEqual(
      ["square-w2-s1", "square-w3-s1"],
    );
    expect(stdout.match(/Failed:/g)).toHaveLength(2);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("2 jobs failed");
  });

  it("checks the machine", async () => {
    const { code, stdout } = await start(["doctor", "--json"]);
    expect(code).toBe(0);
    const { findings } = JSON.parse(stdout) as { findings: { name: string; state: string }[] };
    const states = new Map(findings.map(({ name, state }) => [name, state]));
    for (const name of ["node", "simd", "engine"]) expect(states.get(name)).toBe("ok");
    expect([...states.keys()]).toEqual(
      expect.arrayContaining(["backend node", "backend wasm", "backend cpu", "data", "vega"]),
    );
  });
});
