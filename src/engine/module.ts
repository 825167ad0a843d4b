/** Compiles the WebAssembly module once a process and makes a fresh instance for every computation. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { instantiateSync } from "@assemblyscript/loader";
import { BackendError, EngineError, expected, MemoryLimitError } from "../errors.js";
import { ABI_VERSION, type Kernels } from "./abi.js";

/** `release` is optimised; `debug` checks every assertion. Both give the same bytes. */
export type Variant = "release" | "debug";

/** A compiled module and the SHA-256 of its bytes. */
export interface EngineModule {
  readonly module: WebAssembly.Module;
  readonly digest: string;
  readonly variant: Variant;
}

const compiled = new Map<string, Promise<EngineModule>>();

/**
 * The compiled module; compiled on the first call only.
 * @param threads whether instances are to share a memory; such a module computes the same bytes
 * @throws BackendError when the file is missing (the package was not built) or this Node has no WebAssembly SIMD
 */
export function loadModule(variant: Variant = "release", threads = false): Promise<EngineModule> {
  const name = !threads ? variant : variant === "release" ? "threads" : "threads-debug";
  let pending = compiled.get(name);
  if (!pending) {
    pending = compile(variant, name);
    compiled.set(name, pending);
    // A failure is not kept: the next call tries again.
    pending.catch(() => compiled.delete(name));
  }
  return pending;
}

async function compile(variant: Variant, name: string): Promise<EngineModule> {
  const url = new URL(`../../build/${name}.wasm`, import.meta.url);
  let bytes: Buffer;
  try {
    bytes = await readFile(url);
  } catch (cause) {
    throw new BackendError(`Expected the WebAssembly module build/${name}.wasm, found none.`, {
      hint: "Run npm run build.",
      cause,
    });
  }
  try {
    const module = await WebAssembly.compile(bytes as BufferSource);
    return { module, digest: createHash("sha256").update(bytes).digest("hex"), variant };
  } catch (cause) {
    throw new BackendError("Expected a Node with WebAssembly SIMD, but the engine did not compile.", {
      hint: "Use Node 20.19 or newer.",
      cause,
    });
  }
}

/** Pages of a shared memory at first; the modules with threads are built with the same number (asconfig.json). */
const FIRST_PAGES = 16;
/** Pages of the largest memory there is. Only address space is reserved for them. */
const MOST_PAGES = 65536;

/**
 * A memory that several instances of a module with threads may share.
 * @throws MemoryLimitError when the machine has no address space left for it
 */
export function sharedMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES, shared: true });
  } catch (cause) {
    throw new MemoryLimitError(expected("4 GiB of address space", "a memory shared by threads", "less"), {
      hint: "Use one thread, or end other calls first.",
      cause,
    });
  }
}

/**
 * A fresh instance: its memory starts empty and is given back with it, unless it is one that is shared.
 * @throws EngineError when the module and the host come from different versions
 */
export function instantiate({ module }: { readonly module: WebAssembly.Module }, memory?: WebAssembly.Memory): Kernels {
  const { exports } = instantiateSync<Kernels>(module, memory ? { env: { memory } } : {});
  const kernels = exports as unknown as Kernels;
  const version = kernels.abiVersion();
  if (version !== ABI_VERSION)
    throw new EngineError(`Expected version ${ABI_VERSION} of the engine's layout, got ${version}.`, {
      hint: "Run npm run build.",
    });
  return kernels;
}
