/** The code in README and docs: it compiles against the package's types, runs, and gives what its comments say. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../support/shared.js";

const pages = ["README.md", ...readdirSync(join(projectRoot, "docs")).map((name) => join("docs", name))];
const blocks = pages
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => {
    const text = readFileSync(join(projectRoot, name), "utf8");
    const found = [...text.matchAll(/^```(ts|js)\n([\s\S]*?)^```$/gm)];
    return found.map(([, , code], i) => ({ name: `${name}, block ${i + 1}`, code: code! }));
  });

const entries: Record<string, string> = { bettina: "index", "bettina/bounds": "bounds/index" };
const target = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext } as const;
/** A line that is an expression, and what its comment says of the value. */
const shown = /^(?!import|const|let|console|await)(\S.*?);\s*\/\/ (.*)$/;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bettina-docs-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As console.log writes it, without the lengths of arrays and with the quotes of JSON. */
function written(value: unknown): string {
  return inspect(value)
    .replace(/Array\(\d+\)/, "Array")
    .replaceAll("'", '"');
}

describe("the code in the documentation", () => {
  it("is there", () => {
    expect(blocks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["README.md, block 1", "docs/bounds.md, block 1"]),
    );
  });

  it.each(blocks)(
    "compiles: $name",
    ({ code }) => {
      const file = join(folder, "block.ts");
      writeFileSync(file, `${code}\nexport {};\n`);
      const program = ts.createProgram([file], {
        ...target,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ["node"],
        typeRoots: [join(projectRoot, "node_modules", "@types")],
        paths: Object.fromEntries(
          Object.entries(entries).map(([name, entry]) => [name, [join(projectRoot, "dist", `${entry}.d.ts`)]]),
        ),
      });
      const problems = ts.getPreEmitDiagnostics(program);
      expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
    },
    60_000,
  );

  it.each(blocks)(
    "runs and gives what is said: $name",
    async ({ code, name }) => {
      const lines = code.split("\n");
      // A study takes a minute; its options are type-checked above.
      const quick = lines.filter((line) => !/runStudy\(|\bstudy\./.test(line));
      const values = quick.map((line) => line.replace(shown, (_, expression) => `values.push(${expression});`));
      const linked = values
        .join("\n")
        .replace(
          /from "(bettina[^"]*)"/g,
          (_, entry: string) =>
            `from ${JSON.stringify(pathToFileURL(join(projectRoot, "dist", `${entries[entry]}.js`)))}`,
        );
      const file = join(folder, `${name.replace(/\W/g, "-")}.mjs`);
      writeFileSync(
        file,
        ts.transpileModule(`export const values = [];\n${linked}`, {
          compilerOptions: { target: target.target, module: ts.ModuleKind.ESNext },
        }).outputText,
      );
      const { values: got } = (await import(pathToFileURL(file).href)) as { values: unknown[] };
      const said = quick.flatMap((line) => shown.exec(line)?.[2] ?? []);
      expect(got).toHaveLength(said.length);
      if (name.startsWith("README")) {
        expect(said.length).toBeGreaterThanOrEqual(3);
        said.forEach((comment, i) => {
          expect(comment.startsWith(written(got[i])), `${comment} is ${written(got[i])}`).toBe(true);
        });
      }
    },
    60_000,
  );
});
