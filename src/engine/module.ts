/** Compiles the WebAssembly module once a process and makes a fresh instance for every computation. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { instantiateSync } from "@assemblyscript/loader";
import { BackendError, EngineError } from "../errors.js";
import { ABI_VERSION, type Kernels } from "./abi.js";

/** `release` is optimised; `debug` checks every assertion. Both give the same bytes. */
export type Variant = "release" | "debug";

/** A compiled module and the SHA-256 of its bytes. */
export interface EngineModule {
  readonly module: WebAssembly.Module;
  readonly digest: string;
  readonly variant: Variant;
}

const compiled = new Map<Variant, Promise<EngineModule>>();

/**
 * The compiled module; compiled on the first call only.
 * @throws BackendError when the file is missing (the package was not built) or this Node has no WebAssembly SIMD
 */
export function loadModule(variant: Variant = "release"): Promise<EngineModule> {
  let pending = compiled.get(variant);
  if (!pending) {
    pending = compile(variant);
    compiled.set(variant, pending);
    // A failure is not kept: the next call tries again.
    pending.catch(() => compiled.delete(variant));
  }
  return pending;
}

async function compile(variant: Variant): Promise<EngineModule> {
  const url = new URL(`../../build/${variant}.wasm`, import.meta.url);
  let bytes: Buffer;
  try {
    bytes = await readFile(url);
  } catch (cause) {
    throw new BackendError(`Expected the WebAssembly module build/${variant}.wasm, found none.`, {
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

/**
 * A fresh instance: its memory starts empty and is given back with it.
 * @throws EngineError when the module and the host come from different versions
 */
export function instantiate({ module }: { readonly module: WebAssembly.Module }): Kernels {
  const { exports } = instantiateSync<Kernels>(module, {});
  const kernels = exports as unknown as Kernels;
  const version = kernels.abiVersion();
  if (version !== ABI_VERSION)
    throw new EngineError(`Expected version ${ABI_VERSION} of the engine's layout, got ${version}.`, {
      hint: "Run npm run build.",
    });
  return kernels;
}
