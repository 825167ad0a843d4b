/**
 * Choosing what computes: the only file that imports TensorFlow.js, and only when asked to.
 *
 * A backend counts as working when one real training step on it ends at the right numbers. Everything that was tried is
 * recorded in one line each; nothing is printed, although the library likes to.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { BackendError, ConfigError, expected } from "../errors.js";
import { checkKeys, type Known } from "../options.js";
import { probe } from "./probe.js";

/** The module `@tensorflow/tfjs`. */
export type TensorFlow = typeof import("@tensorflow/tfjs");
export type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";

/** `node`: the native library of tfjs-node; `wasm`: WebAssembly with SIMD where there is any; `cpu`: plain JavaScript. */
export type BackendName = "node" | "wasm" | "cpu";

/** A working backend. All backends of one thread share one library; {@link activateBackend} says which computes. */
export interface Backend {
  readonly name: BackendName;
  readonly tf: TensorFlow;
  /** Version of `@tensorflow/tfjs`. */
  readonly tfjsVersion: string;
  /** One entry per backend tried, in order; the last is the one chosen. */
  readonly tried: readonly BackendAttempt[];
}

/** What became of one backend. */
export interface BackendAttempt {
  readonly name: BackendName;
  /** One line; names no path. */
  readonly outcome: string;
}

/** How modules are found: replaced in tests to play missing and broken packages. */
export interface ModuleLoader {
  /** Imports a package; rejects with code `ERR_MODULE_NOT_FOUND` or `MODULE_NOT_FOUND` when it is not installed. */
  load(specifier: string): Promise<unknown>;
  /** The folder of the package's entry file. */
  folder(specifier: string): string;
}

/** Options of {@link openBackend}. */
export interface OpenBackendOptions {
  /**
   * `auto` tries node, wasm and cpu in this order; a name tries this one alone.
   * @default "auto"
   */
  readonly prefer?: "auto" | BackendName;
  /** @default the modules installed */
  readonly modules?: ModuleLoader;
}

const order: readonly BackendName[] = ["node", "wasm", "cpu"];
const registryNames: Record<BackendName, string> = { node: "tensorflow", wasm: "wasm", cpu: "cpu" };
const tfjs = "@tensorflow/tfjs";
const tfjsWasm = "@tensorflow/tfjs-backend-wasm";
const tfjsNode = "@tensorflow/tfjs-node";
const installLines: Record<BackendName, string> = {
  node: `npm install ${tfjsNode}`,
  wasm: `npm install ${tfjs} ${tfjsWasm}`,
  cpu: `npm install ${tfjs}`,
};

const require = createRequire(import.meta.url);
const installedModules: ModuleLoader = {
  load: (specifier) => import(specifier),
  folder: (specifier) => dirname(require.resolve(specifier)),
};

/**
 * Opens the first backend that completes one real training step: node, wasm, cpu. Takes about half a second the first
 * time in a thread, most of it loading the library.
 * @throws BackendError with the line that installs what is missing, when none works
 */
export async function openBackend(options: OpenBackendOptions = {}): Promise<Backend> {
  checkKeys(options, { prefer: true, modules: true } satisfies Known<OpenBackendOptions>, "the options of openBackend");
  // One at a time: the current backend and the settings changed meanwhile belong to the whole thread.
  const opened = lastOpened.then(() => open(options));
  lastOpened = opened.catch(() => undefined);
  return opened;
}

let lastOpened: Promise<unknown> = Promise.resolve();

async function open(options: OpenBackendOptions): Promise<Backend> {
  const prefer = options.prefer ?? "auto";
  if (prefer !== "auto" && !order.includes(prefer))
    throw new ConfigError(expected("one of auto, node, wasm, cpu", "backend", prefer));
  const modules = options.modules ?? installedModules;
  const tried: BackendAttempt[] = [];
  let cause: unknown;
  for (const name of prefer === "auto" ? order : [prefer]) {
    try {
      const { tf, detail } = await quietly(() => start(name, modules));
      probe(tf);
      tried.push({ name, outcome: `works: a training step gave the right numbers (${detail})` });
      return { name, tf, tfjsVersion: tf.version.tfjs, tried };
    } catch (error) {
      cause = error;
      tried.push({ name, outcome: reason(name, error) });
    }
  }
  const lines = tried.map(({ name, outcome }) => `${name}: ${outcome}`).join("; ");
  throw new BackendError(`Expected a working training backend for backend, got none (${lines}).`, {
    hint: `Run: ${installLines[prefer === "auto" ? "wasm" : prefer]}`,
    cause,
  });
}

/**
 * Makes this backend the one that computes: needed before every piece of work when several are open in one thread, since
 * the library has one setting for all. Costs nothing when it already is.
 */
export function activateBackend(backend: Backend): void {
  const name = registryNames[backend.name];
  // For a backend that has been initialised, this takes effect before the promise is returned.
  if (backend.tf.getBackend() !== name) void backend.tf.setBackend(name);
}

/** Loads what a backend needs and makes it current. */
async function start(name: BackendName, modules: ModuleLoader): Promise<{ tf: TensorFlow; detail: string }> {
  const tf = namespace<TensorFlow>(await modules.load(tfjs));
  // Production mode: no advice and no warnings are printed. It changes no number.
  tf.env().set("PROD", true);
  let detail = "plain JavaScript";
  if (name === "node") {
    await modules.load(tfjsNode);
    detail = "native library";
  } else if (name === "wasm") {
    detail = (await prepareWasm(tf, modules)) ? "with SIMD" : "without SIMD";
  }
  const registered = registryNames[name];
  // When a backend cannot start, the library returns false here and goes on with whichever it had.
  if (!(await tf.setBackend(registered))) throw new Error("the library could not start it");
  if (tf.getBackend() !== registered) throw new Error(`the library went on with ${tf.getBackend()} instead`);
  return { tf, detail };
}

/**
 * Tells the WebAssembly backend where its binaries are, by a path that also holds in worker threads, and checks the one
 * it will take: a binary that is missing or broken makes the library print several lines and abort.
 * @returns whether it will use SIMD
 */
async function prepareWasm(tf: TensorFlow, modules: ModuleLoader): Promise<boolean> {
  const wasm = namespace<{ setWasmPaths(prefix: string): void }>(await modules.load(tfjsWasm));
  const folder = modules.folder(tfjsWasm);
  const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
  const file = simd ? "tfjs-backend-wasm-simd.wasm" : "tfjs-backend-wasm.wasm";
  if (!existsSync(join(folder, file))) throw new Error(`its binary ${file} is missing`);
  // Said by hand: the type belongs to the library of the browser, which this project does not load.
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } };
  if (!WebAssembly.validate(readFileSync(join(folder, file)))) throw new Error(`its binary ${file} is broken`);
  wasm.setWasmPaths(join(folder, "/"));
  return simd;
}

/** Runs `work` while keeping the library's notices off the terminal and its handlers off the process. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = new Map(events.map((event) => [event, new Set<unknown>(process.listeners(event as never))]));
  const settings = process as { noDeprecation?: boolean };
  const noDeprecation = settings.noDeprecation;
  const nativeLogLevel = process.env.TF_CPP_MIN_LOG_LEVEL;
  // Old dependencies of the library use deprecated parts of Node; the native library logs its CPU features.
  settings.noDeprecation = true;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  try {
    return await work();
  } finally {
    settings.noDeprecation = noDeprecation;
    if (nativeLogLevel === undefined) delete process.env.TF_CPP_MIN_LOG_LEVEL;
    // The WebAssembly loader makes every uncaught error of the whole process pass through itself.
    for (const event of events)
      for (const listener of process.listeners(event as never) as (() => void)[])
        if (!before.get(event)!.has(listener)) process.removeListener(event, listener);
  }
}

/** Whether the training library is installed at all, without loading it. */
export function trainingInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve("@tensorflow/tfjs");
    return true;
  } catch {
    return false;
  }
}

/** An imported CommonJS module has its exports under `default`. */
function namespace<T>(module: unknown): T {
  return (module as { default?: T }).default ?? (module as T);
}

/** Why a backend was passed over, in one line without paths. */
function reason(name: BackendName, error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = String(message ?? error);
  const missing = [tfjsNode, tfjsWasm, tfjs].find((specifier) => text.includes(`'${specifier}'`));
  if ((code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") && missing) {
    const why = ": its install script has to download a native library, and npm leaves it out where that fails";
    return `${missing} is not installed${name === "node" && missing === tfjsNode ? why : ""}`;
  }
  const line = text.split("\n", 1)[0]!.replace(/(?:file:\/\/)?(?:[A-Za-z]:)?[\\/][^\s'"]*[\\/]/g, "");
  return `does not work: ${line.slice(0, 200)}`;
}
