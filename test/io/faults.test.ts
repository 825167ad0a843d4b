/** Files that were once misread in silence. What they hold is told in the README beside each. */
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parseInput, readInput } from "../../src/io/cloud-file.js";
import { persistence } from "../../src/topology/persistence.js";
import { pairs } from "../support/diagrams.js";
import { hasShared, sharedPath } from "../support/shared.js";

const fault = (...parts: string[]) => sharedPath("data", "faults", ...parts)!;
const has = hasShared("data", "faults");

describe("files once misread", () => {
  it.skipIf(!has).each(["lower", "upper"])("knows the diagonal in a triangle, %s", async (side) => {
    const { remarks, ...read } = await readInput(fault("triangle-with-diagonal", `t.${side}_distance_matrix`));
    expect(remarks).toEqual([expect.stringMatching(/so the diagonal is there: read as 4 points, not 5/)]);
    if (!("distances" in read)) throw new Error("points");
    // The README's right answer.
    expect(pairs(await persistence(read, { maxDim: 0 }))).toEqual([
      [
        [0, 1],
        [0, 2],
        [0, 4],
        [0, Infinity],
      ],
    ]);
  });

  it.skipIf(!has)("takes a symmetric square for a matrix where the name says nothing", async () => {
    const { remarks, ...read } = await readInput(fault("square-read-as-triangle", "d.mat"));
    expect(remarks).toEqual([expect.stringMatching(/6 lines of 6 numbers, symmetric .*--format distance/)]);
    expect(read).toMatchObject({ n: 6 });
    const said = await readInput(fault("square-read-as-triangle", "d.csv"), { format: "distance" });
    expect(said).toEqual({ ...read, remarks: [] });
  });

  it.skipIf(!has)("warns of a symmetric square read as points", async () => {
    const file = fault("square-read-as-triangle", "d.csv");
    const read = await readInput(file);
    expect(read).toMatchObject({ points: { shape: [6, 6] } });
    expect(read.remarks).toEqual([expect.stringMatching(/--format distance/)]);
    expect((await readInput(file, { format: "point-cloud" })).remarks).toEqual([]);
  });

  it.skipIf(!has)("knows DIPHA's files by their magic", async () => {
    expect(await readInput(fault("dipha-named-bin", "random_50_16.bin"))).toMatchObject({ n: 50, remarks: [] });
    await expect(readInput(fault("dipha-named-bin", "random_50_16.bin"), { format: "binary" })).rejects.toThrow(
      /a DIPHA file.*--format dipha/,
    );
  });

  it.skipIf(!has)("reads .npy files as NumPy reads them", async () => {
    const python = spawnSync("python3", ["-c", "import numpy"]).status === 0;
    for (const name of ["u1lt", "fchar", "dq", "py2long", "bf4", "f2"]) {
      const file = fault("npy-that-numpy-loads", `${name}.npy`);
      const read = await readInput(file);
      if (!("points" in read)) throw new Error("distances");
      expect(read.points.shape).toEqual([12, 3]);
      if (!python) continue;
      const script = "import numpy,sys,json;print(json.dumps(numpy.load(sys.argv[1]).astype('f8').ravel().tolist()))";
      // NumPy 1 reads no header of Python 2 without a word on standard error.
      const { stdout } = spawnSync("python3", ["-W", "ignore", "-c", script, file], { encoding: "utf8" });
      if (stdout !== "") expect(Array.from(read.points.data), name).toEqual(JSON.parse(stdout));
    }
  });

  it.skipIf(!has)("reads the four spellings of one array alike", async () => {
    const [first, ...others] = await Promise.all(
      ["fchar", "dq", "py2long"].map((name) => readInput(fault("npy-that-numpy-loads", `${name}.npy`))),
    );
    for (const other of others) expect(other).toEqual(first);
  });

  it("never reads a triangle with its diagonal as one point more, whatever its size", () => {
    for (let n = 2; n <= 9; n++) {
      const at = (i: number, j: number) => (i === j ? 0 : 1 + ((3 * Math.min(i, j) + 5 * Math.max(i, j)) % 7));
      const rows = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => at(i, j)));
      const right = parseInput(Buffer.from(rows.map((row) => row.join(" ")).join("\n")), {
        path: "d",
        format: "distance",
      });
      for (const format of ["lower-distance", "upper-distance"] as const) {
        const lines = rows.map((row, i) =>
          (format === "lower-distance" ? row.slice(0, i + 1) : row.slice(i)).join(","),
        );
        for (const options of [{ format }, {}]) {
          const { remarks, ...read } = parseInput(Buffer.from(lines.join("\n")), { path: "d", ...options });
          expect({ ...read, remarks: [] }).toEqual(right);
          expect(remarks.length).toBeGreaterThan(0);
        }
        const flat = Buffer.from(lines.join(","));
        expect(() => parseInput(flat, { path: "d", format })).toThrow(
          new RegExp(`--diagonal with for ${n} points, --diagonal without for ${n + 1}`),
        );
        expect(parseInput(flat, { path: "d", format, diagonal: "with" })).toEqual(right);
        expect(parseInput(flat, { path: "d", format, diagonal: "without" })).toMatchObject({ n: n + 1 });
      }
    }
  });
});
