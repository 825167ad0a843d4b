import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { BackendError, ConfigError } from "../../src/errors.js";
import { activateBackend, type ModuleLoader, openBackend, type TensorFlow } from "../../src/network/backend.js";

const require = createRequire(import.meta.url);
const compiled = join(import.meta.dirname, "../../dist/network/backend.js");
const folder = (specifier: string) => dirname(require.resolve(specifier));
const scratch = mkdtempSync(join(tmpdir(), "bettina-backend-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The installed modules, with some played by the test: an Error is thrown, anything else is the module. */
function play(parts: Record<string, unknown>, folders: Record<string, string> = {}): ModuleLoader {
  return {
    load: async (specifier) => {
      const part = parts[specifier];
      if (part instanceof Error) throw part;
      return part ?? import(specifier);
    },
    folder: (specifier) => folders[specifier] ?? folder(specifier),
  };
}

function missing(specifier: string): Error {
  return Object.assign(new Error(`Cannot find package '${specifier}' imported from /somewhere/dist/backend.js`), {
    code: "ERR_MODULE_NOT_FOUND",
  });
}

/** The real library with some functions replaced. */
async function altered(changes: (tf: TensorFlow) => Record<string, unknown>): Promise<TensorFlow> {
  const tf = require("@tensorflow/tfjs") as TensorFlow;
  const replaced = changes(tf);
  return new Proxy(tf, { get: (target, key) => replaced[key as string] ?? Reflect.get(target, key) });
}

const noNode = { "@tensorflow/tfjs-node": missing("@tensorflow/tfjs-node") };

describe("openBackend", () => {
  it("tries node, then wasm, and says why", async () => {
    const backend = await openBackend({ modules: play(noNode) });
    expect(backend.name).toBe("wasm");
    expect(backend.tfjsVersion).toBe("4.22.0");
    expect(backend.tf.getBackend()).toBe("wasm");
    expect(backend.tried).toEqual([
      {
        name: "node",
        outcome:
          "@tensorflow/tfjs-node is not installed: its install script has to download a native library, and npm leaves it out where that fails",
      },
      { name: "wasm", outcome: "works: a training step gave the right numbers (with SIMD)" },
    ]);
  });

  it("takes tfjs-node where it works", async () => {
    // No native library here: the plain backend plays it, under the name the native one registers.
    const tf = require("@tensorflow/tfjs") as TensorFlow;
    const { MathBackendCPU } = require("@tensorflow/tfjs-backend-cpu/dist/tf-backend-cpu.node.js");
    const modules = play({});
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => warnings.push(warning);
    process.on("warning", onWarning);
    const logLevelBefore = process.env.TF_CPP_MIN_LOG_LEVEL;
    let logLevel: string | undefined;
    const backend = await openBackend({
      modules: {
        folder,
        load: async (specifier) => {
          if (specifier !== "@tensorflow/tfjs-node") return modules.load(specifier);
          // What the real one does while it loads: old code that warns, a native library that reads its log level.
          process.emitWarning("old code", "DeprecationWarning");
          logLevel = process.env.TF_CPP_MIN_LOG_LEVEL;
          tf.registerBackend("tensorflow", () => new MathBackendCPU(), 3);
          for (const kernel of tf.getKernelsForBackend("cpu"))
            tf.registerKernel({ ...kernel, backendName: "tensorflow" });
          return {};
        },
      },
    });
    try {
      expect(backend.name).toBe("node");
      expect(backend.tried).toEqual([
        { name: "node", outcome: "works: a training step gave the right numbers (native library)" },
      ]);
      activateBackend(backend);
      expect(backend.tf.getBackend()).toBe("tensorflow");
      expect(logLevel).toBe(logLevelBefore ?? "2");
      expect(process.env.TF_CPP_MIN_LOG_LEVEL).toBe(logLevelBefore);
      await new Promise(setImmediate);
      expect(warnings).toEqual([]);
    } finally {
      process.off("warning", onWarning);
      tf.removeBackend("tensorflow");
    }
  });

  it("passes over a native library that cannot be loaded, in one line without its path", async () => {
    const broken = new Error(
      "The Node.js native addon module (tfjs_binding.node) can not be found at path: /home/someone/node_modules/x/tfjs_binding.node\nPlease run npm rebuild",
    );
    const backend = await openBackend({ modules: play({ "@tensorflow/tfjs-node": broken }) });
    expect(backend.name).toBe("wasm");
    expect(backend.tried[0]!.outcome).toBe(
      "does not work: The Node.js native addon module (tfjs_binding.node) can not be found at path: tfjs_binding.node",
    );
  });

  it("does not believe a setBackend that returns false", async () => {
    const tf = await altered((real) => ({
      setBackend: async (name: string) => name !== "wasm" && real.setBackend(name),
    }));
    const backend = await openBackend({ modules: play({ ...noNode, "@tensorflow/tfjs": tf }) });
    expect(backend.name).toBe("cpu");
    expect(backend.tf.getBackend()).toBe("cpu");
    expect(backend.tried[1]).toEqual({ name: "wasm", outcome: "does not work: the library could not start it" });
  });

  it("does not believe a setBackend that goes on with another", async () => {
    const tf = await altered((real) => ({
      setBackend: (name: string) => real.setBackend(name === "wasm" ? "cpu" : name),
    }));
    const backend = await openBackend({ modules: play({ ...noNode, "@tensorflow/tfjs": tf }) });
    expect(backend.name).toBe("cpu");
    expect(backend.tried[1]!.outcome).toBe("does not work: the library went on with cpu instead");
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("Kernel 'Square' not registered");
      },
      "Kernel 'Square' not registered",
    ],
    [
      "is wrong",
      (tf: TensorFlow) => (x: Parameters<TensorFlow["square"]>[0]) => tf.mul(x, 0.5),
      "a training step gave a loss of",
    ],
    [
      "is not a number",
      (tf: TensorFlow) => (x: Parameters<TensorFlow["square"]>[0]) => tf.mul(x, Number.NaN),
      "a training step gave a loss of NaN",
    ],
  ])("passes over a backend whose training step %s", async (_, square, message) => {
    const tf = await altered((real) => ({
      square: (x: Parameters<TensorFlow["square"]>[0]) =>
        real.getBackend() === "wasm" ? (square(real) as (y: typeof x) => unknown)(x) : real.square(x),
    }));
    const backend = await openBackend({ modules: play({ ...noNode, "@tensorflow/tfjs": tf }) });
    expect(backend.name).toBe("cpu");
    expect(backend.tried[1]!.outcome).toContain(message);
    await expect(openBackend({ prefer: "wasm", modules: play({ "@tensorflow/tfjs": tf }) })).rejects.toThrow(message);
  });

  it.each(["missing", "broken"])("passes over a WebAssembly binary that is %s", async (state) => {
    const place = mkdtempSync(join(scratch, "wasm-"));
    if (state === "broken") writeFileSync(join(place, "tfjs-backend-wasm-simd.wasm"), "no module");
    const modules = play(noNode, { "@tensorflow/tfjs-backend-wasm": place });
    const backend = await openBackend({ modules });
    expect(backend.name).toBe("cpu");
    expect(backend.tried[1]!.outcome).toBe(`does not work: its binary tfjs-backend-wasm-simd.wasm is ${state}`);
  });

  it("names the install line when the optional packages are missing", async () => {
    const modules = play({
      ...noNode,
      "@tensorflow/tfjs": missing("@tensorflow/tfjs"),
      "@tensorflow/tfjs-backend-wasm": missing("@tensorflow/tfjs-backend-wasm"),
    });
    const error = await openBackend({ modules }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BackendError);
    expect((error as BackendError).exitCode).toBe(5);
    expect((error as BackendError).message).toBe(
      "Expected a working training backend for backend, got none (node: @tensorflow/tfjs is not installed; wasm: @tensorflow/tfjs is not installed; cpu: @tensorflow/tfjs is not installed). Run: npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm",
    );
  });

  it("goes on with cpu when only the WebAssembly package is missing", async () => {
    const wasm = { "@tensorflow/tfjs-backend-wasm": missing("@tensorflow/tfjs-backend-wasm") };
    const backend = await openBackend({ modules: play({ ...noNode, ...wasm }) });
    expect(backend.name).toBe("cpu");
    expect(backend.tried[1]!.outcome).toBe("@tensorflow/tfjs-backend-wasm is not installed");
    await expect(openBackend({ prefer: "wasm", modules: play(wasm) })).rejects.toThrow(
      /Run: npm install @tensorflow\/tfjs @tensorflow\/tfjs-backend-wasm$/,
    );
  });

  it("tries only the one preferred", async () => {
    expect((await openBackend({ prefer: "cpu" })).tried.map(({ name }) => name)).toEqual(["cpu"]);
    expect((await openBackend({ prefer: "wasm" })).tried.map(({ name }) => name)).toEqual(["wasm"]);
    await expect(openBackend({ prefer: "node", modules: play(noNode) })).rejects.toThrow(
      /Run: npm install @tensorflow\/tfjs-node$/,
    );
    await expect(openBackend({ prefer: "gpu" as "cpu" })).rejects.toThrow(ConfigError);
  });

  it("opens several at once", async () => {
    const noDeprecation = (process as { noDeprecation?: boolean }).noDeprecation;
    const prefer = ["cpu", "wasm", "cpu", "auto", "wasm"] as const;
    const backends = await Promise.all(prefer.map((name) => openBackend({ prefer: name })));
    expect(backends.map(({ tried }) => tried.at(-1)!.outcome.startsWith("works"))).toEqual(prefer.map(() => true));
    expect((process as { noDeprecation?: boolean }).noDeprecation).toBe(noDeprecation);
  });

  it("lets two backends take turns in one thread", async () => {
    const cpu = await openBackend({ prefer: "cpu" });
    const wasm = await openBackend({ prefer: "wasm" });
    activateBackend(cpu);
    expect(cpu.tf.getBackend()).toBe("cpu");
    activateBackend(wasm);
    expect(wasm.tf.getBackend()).toBe("wasm");
    expect(wasm.tf.memory().numTensors).toBe(0);
  });
});

describe.skipIf(!existsSync(compiled))("the compiled backend", () => {
  const script = (lines: string) => `
    const before = process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");
    const { openBackend } = await import(${JSON.stringify(new URL(`file://${compiled}`).href)});
    const backend = await openBackend();
    const after = process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");
    ${lines}`;

  it("prints nothing and leaves no handlers on the process", () => {
    const file = join(scratch, "quiet.mjs");
    const report = join(scratch, "report.json");
    writeFileSync(
      file,
      script(`
      // The plain backend is the one that gives advice, at its first tensor.
      await openBackend({ prefer: "cpu" });
      (await import("node:fs")).writeFileSync(process.argv[2], JSON.stringify({ name: backend.name, before, after }));`),
    );
    // Asks also for the deprecation warnings that newer versions of Node give by default.
    const { stdout, stderr } = spawnSync(process.execPath, ["--pending-deprecation", file, report], {
      encoding: "utf8",
    });
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
    expect(JSON.parse(readFileSync(report, "utf8"))).toEqual({
      name: expect.stringMatching(/^(node|wasm)$/),
      before: 0,
      after: 0,
    });
  });

  it("works in a worker thread", async () => {
    const file = join(scratch, "worker.mjs");
    writeFileSync(
      file,
      script(`
      const { parentPort } = await import("node:worker_threads");
      parentPort.postMessage({ name: backend.name, tried: backend.tried });`),
    );
    const worker = new Worker(file, { stdout: true, stderr: true });
    const message = await new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject));
    expect(message).toMatchObject({ name: expect.stringMatching(/^(node|wasm)$/) });
    await worker.terminate();
  });
});
