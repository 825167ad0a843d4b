/** `bettina doctor`: what this machine offers and what is missing. */
import { availableParallelism, freemem, totalmem } from "node:os";
import { loadModule } from "../../engine/module.js";
import { type BackendName, openBackend } from "../../network/backend.js";
import { persistence } from "../../topology/persistence.js";
import { EXIT_INTERNAL, EXIT_OK } from "../exit-codes.js";
import { isInstalled } from "../installed.js";
import { type CliIo, wantsColour } from "../io.js";
import { memory } from "../output.js";
import { dataPlaces, wouldUse } from "./data.js";

/** Options of `bettina doctor`, as parsed. */
export interface DoctorOptions {
  readonly json?: boolean;
}

/** One thing looked at. */
interface Finding {
  readonly name: string;
  /** `ok`; `missing` what the program does without; `broken` what it needs. */
  readonly state: "ok" | "missing" | "broken";
  readonly text: string;
}

/** A module of eight bytes of SIMD: valid exactly where v128 instructions are. */
const simdModule = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11,
);

/**
 * Looks at everything and prints it. Exit code 70 when homology cannot run here, else 0: optional packages that are
 * missing are a remark.
 */
export async function doctor(options: DoctorOptions, io: CliIo): Promise<number> {
  const findings: Finding[] = [checkNode(), checkSimd(), await checkEngine()];
  findings.push({
    name: "machine",
    state: "ok",
    text: `${availableParallelism()} processors, ${memory(totalmem())} memory, ${memory(freemem())} free`,
  });
  const backends = await checkBackends();
  findings.push(...backends, await checkData(io), ...["vega", "vega-lite", "@resvg/resvg-js"].map(checkPackage));
  if (options.json) io.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`);
  else {
    const colour = wantsColour(io.stdout, io.environment);
    const marks = { ok: "ok", missing: "--", broken: "XX" };
    const codes = { ok: 32, missing: 33, broken: 31 };
    for (const { name, state, text } of findings) {
      const mark = colour ? `\u001b[${codes[state]}m${marks[state]}\u001b[39m` : marks[state];
      io.stdout.write(`${mark}  ${name.padEnd(18)} ${text}\n`);
    }
  }
  return findings.some(({ state }) => state === "broken") ? EXIT_INTERNAL : EXIT_OK;
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const recent = major > 20 || (major === 20 && minor >= 19);
  return {
    name: "node",
    state: recent ? "ok" : "broken",
    text: `${process.versions.node} on ${process.platform} ${process.arch}${recent ? "" : "; 20.19 or later is needed"}`,
  };
}

function checkSimd(): Finding {
  const valid = WebAssembly.validate(simdModule);
  return { name: "simd", state: valid ? "ok" : "broken", text: valid ? "WebAssembly SIMD" : "no WebAssembly SIMD" };
}

/** Loads the engine and has it find the one loop of a square. */
async function checkEngine(): Promise<Finding> {
  try {
    const { digest } = await loadModule();
    const { diagrams } = await persistence([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const found = diagrams[1]?.births.length === 1 && diagrams[1].births[0] === 1;
    return {
      name: "engine",
      state: found ? "ok" : "broken",
      text: found ? `finds the loop of a square; module ${digest.slice(0, 12)}` : "gave a wrong result",
    };
  } catch (error) {
    return { name: "engine", state: "broken", text: (error as Error).message };
  }
}

async function checkBackends(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of ["node", "wasm", "cpu"] as const satisfies readonly BackendName[]) {
    try {
      const { tried, tfjsVersion } = await openBackend({ prefer: name });
      const outcome = tried[tried.length - 1]?.outcome ?? "works";
      findings.push({ name: `backend ${name}`, state: "ok", text: `${outcome} (tfjs ${tfjsVersion})` });
    } catch (error) {
      const { message } = error as Error;
      const reason = new RegExp(`\\(${name}: (.*)\\)`).exec(message)?.[1] ?? message;
      findings.push({ name: `backend ${name}`, state: "missing", text: reason });
    }
  }
  return findings;
}

async function checkData(io: CliIo): Promise<Finding> {
  const places = await dataPlaces(undefined, io.environment);
  return { name: "data", state: places[0]!.complete ? "ok" : "missing", text: `a study would use ${wouldUse(places)}` };
}

function checkPackage(name: string): Finding {
  return isInstalled(name)
    ? { name, state: "ok", text: "installed, for pictures" }
    : { name, state: "missing", text: `not installed; pictures need it: npm install ${name}` };
}
