import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import * as host from "../../src/engine/abi.js";
import { instantiate, loadModule } from "../../src/engine/module.js";

describe("layout shared by host and kernels", () => {
  it("has the same constants on both sides", async () => {
    const source = await readFile(new URL("../../assembly/abi.ts", import.meta.url), "utf8");
    const kernel = Object.fromEntries(
      [...source.matchAll(/export const (\w+): \w+ = (\d+);/g)].map(([, name, value]) => [name!, Number(value)]),
    );
    const { LANES: _, ...shared } = kernel;
    const own = Object.fromEntries(Object.entries(host).filter(([, value]) => typeof value === "number"));
    expect(own).toEqual(shared);
    expect(Object.keys(shared).length).toBeGreaterThan(4);
  });

  it("is exported alike by every build", async () => {
    const lists = [];
    for (const threads of [false, true])
      for (const variant of ["release", "debug"] as const)
        lists.push(
          WebAssembly.Module.exports((await loadModule(variant, threads)).module).map(
            ({ name, kind }) => `${kind} ${name}`,
          ),
        );
    expect(lists[0]!.length).toBeGreaterThan(10);
    for (const list of lists) expect(list).toEqual(lists[0]);
  });
});

describe("arena", () => {
  it("aligns blocks, refuses what passes the limit, and gives back what came after a mark", async () => {
    const kernels = instantiate(await loadModule("debug"));
    kernels.setMemoryLimit(1 << 20);
    const first = kernels.allocate(5);
    const second = kernels.allocate(5);
    expect(first % 16).toBe(0);
    expect(second - first).toBe(16);
    expect(kernels.allocate(1 << 20)).toBe(0);
    expect(kernels.allocate(0xfffffff0 | 0)).toBe(0);
    const mark = kernels.mark();
    const third = kernels.allocate(1000);
    kernels.release(mark);
    expect(kernels.allocate(1000)).toBe(third);
  });
});
