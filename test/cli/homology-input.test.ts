/** What the command line says about files: remarks, refusals, options for what is in them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./support.js";

let folder: string;
const put = async (name: string, content: string) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-input-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("bettina homology on files of all kinds", () => {
  it("says remarks once on standard error, and in the document", async () => {
    const square = await put("d.csv", "0,3,4\n3,0,5\n4,5,0\n");
    const { code, stdout, stderr } = await run(["homology", square, "--json", "--max-dim", "0"]);
    expect(code).toBe(0);
    expect(stderr.match(/--format distance/g)).toHaveLength(1);
    expect(stderr).toContain(`${square}: read as 3 points in 3 dimensions, but symmetric with a diagonal of 0`);
    expect(JSON.parse(stdout).remarks).toEqual([expect.stringContaining("--format distance")]);

    const said = await run(["homology", square, "--json", "--max-dim", "0", "--format", "distance"]);
    expect(said).toMatchObject({ code: 0, stderr: "" });
    // The distances themselves: 3 and 4 join three points.
    expect(JSON.parse(said.stdout)).toMatchObject({
      diagrams: [
        [
          [0, 3],
          [0, 4],
          [0, null],
        ],
      ],
    });
    expect(JSON.parse(said.stdout).remarks).toBeUndefined();

    const quiet = await run(["homology", square, "--json", "--max-dim", "0", "--quiet"]);
    expect(quiet.stderr).toBe("");
    expect(JSON.parse(quiet.stdout).remarks).toHaveLength(1);
  });

  it("says them for each of several files, and before a forecast", async () => {
    const square = await put("d.csv", "0,3,4\n3,0,5\n4,5,0\n");
    const points = await put("p.csv", "0,3\n3,1\n4,5\n");
    const { stderr, stdout } = await run(["homology", square, points, square, "--json", "--max-dim", "0"]);
    expect(stderr.match(/--format distance/g)).toHaveLength(2);
    const documents = stdout.trim().split("\n");
    expect(documents.map((line) => JSON.parse(line).remarks?.length)).toEqual([1, undefined, 1]);
    const dry = await run(["homology", square, "--dry-run", "--json"]);
    expect(dry.stderr).toContain("--format distance");
    expect(JSON.parse(dry.stdout).remarks).toHaveLength(1);
  });

  it("takes headings, labels and columns, from a config file too", async () => {
    const iris = await put("iris.csv", "width,kind,length\n0,a,0\n3,b,4\n");
    const refused = await run(["homology", iris]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain("Say --header, and --labels 2 to leave out the words below it.");
    const config = await put("config.json", '{"header": true, "labels": ["kind"], "maxDim": 0}');
    for (const options of [
      ["--header", "--labels", "kind", "--max-dim", "0"],
      ["--header", "--columns", "1,3", "--max-dim", "0"],
      ["--config", config],
    ]) {
      const { stdout } = await run(["homology", iris, "--json", ...options]);
      expect(JSON.parse(stdout).diagrams).toEqual([
        [
          [0, 5],
          [0, null],
        ],
      ]);
    }
    expect((await run(["homology", iris, "--labels", "1,,2"])).code).toBe(2);
    expect((await run(["homology", iris, "--symmetrise", "both"])).code).toBe(2);
    expect(await run(["homology", "--dataset", "annuli", "--class", "0", "--header"])).toMatchObject({ code: 2 });
  });
});
