import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { z } from "zod";
import type { StudyResult } from "../../src/study/result.js";
import { resultJsonSchema, resultSchema } from "../../src/study/result-schema.js";
import { runStudy } from "../../src/study/run-study.js";
import { fixtureResult } from "../report/fixture.js";
import { smallConfig, smallDataset } from "./small-data.js";

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
// Does not compile when a field of the schema is missing in the types or has another type.
const typed = (result: StudyResult): DeepReadonly<z.input<typeof resultSchema>> => result;

it("describes what a study writes, field by field: another field is refused", async () => {
  const directory = await mkdtemp(join(tmpdir(), "bettina-schema-"));
  const config = smallConfig({
    seeds: [1, 2],
    activations: ["tanh", "poly:0,1,0.5"],
    sampling: { perClass: 5, subsamples: 2 },
    training: {
      steps: 12,
      batchSize: 20,
      heldBack: 10,
      validateEvery: 4,
      earlyStop: { by: "loss", patience: 1 },
      optimiser: { name: "adam" },
    },
    layerDistances: { metrics: ["bottleneck"], subsamples: 1 },
    readouts: ["count", "ratio>1.1", "fasy@0.05:B=20"],
    decision: { readout: "ratio>1.1" },
    controls: ["projection", "untrained", "gaussian"],
  });
  await runStudy(config, { directory, data: smallDataset(), threads: 0 });
  const written = JSON.parse(await readFile(join(directory, "study.json"), "utf8")) as StudyResult;
  await rm(directory, { recursive: true });
  expect(written.failures).toEqual([]);
  expect(resultSchema.safeParse(written).error).toBeUndefined();
  expect(resultSchema.safeParse({ ...written, more: 1 }).success).toBe(false);
  expect(resultSchema.safeParse({ ...written, known: undefined }).success).toBe(false);

  expect(written.networks.map(({ id }) => id)).toContain("poly_0_1_0.5-w2-s1");
  for (const { steps, takenAt, validations } of written.networks) {
    expect(validations.map(({ step }) => step)).toContain(takenAt);
    expect(steps).toBe(validations.at(-1)!.step);
    expect(steps).toBeLessThanOrEqual(12);
  }
});

it("fits a result of the types", () => {
  expect(
    resultSchema.safeParse(JSON.parse(JSON.stringify(typed(fixtureResult({ seeds: [1, 2] }))))).error,
  ).toBeUndefined();
});

it("is a JSON Schema with every field required", () => {
  const schema = resultJsonSchema() as { $schema: string; required: string[]; properties: object };
  expect(schema.$schema).toContain("2020-12");
  expect(schema.required.sort()).toEqual(Object.keys(schema.properties).sort());
});
