/** Whatever bytes a reader is given, it ends in an answer of the right size or in an error made on purpose. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BettinaError } from "../../src/errors.js";
import { type ParseInputOptions, parseInput } from "../../src/io/cloud-file.js";
import { inputFormats } from "../../src/io/format-name.js";
import { formatNpy } from "../../src/io/npy.js";

function dipha(): Uint8Array {
  const bytes = Buffer.alloc(24 + 8 * 4);
  bytes.writeBigInt64LE(8067171840n, 0);
  bytes.writeBigInt64LE(7n, 8);
  bytes.writeBigInt64LE(2n, 16);
  bytes.writeDoubleLE(1, 32);
  bytes.writeDoubleLE(1, 40);
  return bytes;
}

/** Sound files of every format, which are then cut and changed. */
const sound: readonly Uint8Array[] = [
  Buffer.from("0,1,2\n1,0,3\n2,3,0\n"),
  Buffer.from("1\n2 3\n4 5 6\n"),
  Buffer.from("0 1 0.5\n0 2 1e-3\n1 2 inf\n"),
  Buffer.from('"x";"kind"\n1.5;a\n2.5;"b"\n'),
  Buffer.from("\ufeff# made by hand\r\n1\t2\r\n3\t4\r\n"),
  Buffer.from("\ufeff1,2\n3,4\n", "utf16le"),
  Buffer.from("OFF\n3 1 0\n0 0 0\n1 0 0\n1 1 0\n3 0 1 2\n"),
  Buffer.from(Float32Array.of(1, 2, 3).buffer),
  Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 255]),
  dipha(),
  formatNpy(Float32Array.of(0, 1, 1, 0), [2, 2]),
  formatNpy(Float64Array.of(1, 2, 3), [3]),
  gzipSync("1,2\n"),
];

const changed = fc
  .tuple(
    fc.constantFrom(...sound),
    fc.oneof({ weight: 2, arbitrary: fc.constant(400) }, { weight: 1, arbitrary: fc.nat(200) }),
    // Digits in place of digits keep text numbers.
    fc.array(fc.tuple(fc.nat(400), fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 48, max: 57 }))), {
      maxLength: 3,
    }),
  )
  .map(([file, end, changes]) => {
    const cut = new Uint8Array(file.subarray(0, Math.max(1, Math.min(file.length, end))));
    for (const [at, value] of changes) cut[at % cut.length] = value;
    return cut;
  });
const bytes = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc.stringMatching(/^[-+0-9.,;eEinfa"# \t\r\n]{0,60}$/).map((text) => new Uint8Array(Buffer.from(text))),
  },
  { weight: 4, arbitrary: changed },
);

/** Most options are left out, as most are refused beside most files. */
const seldom = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 24, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const options: fc.Arbitrary<ParseInputOptions> = fc.record({
  format: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...inputFormats) },
  ),
  header: seldom(fc.constant(true)),
  labels: seldom(fc.constant(["2"])),
  flatten: seldom(fc.constant(true)),
  symmetrise: seldom(fc.constantFrom("mean", "lower", "upper")),
  diagonal: seldom(fc.constantFrom("with", "without")),
  memoryLimit: fc.constant(1e6),
});
const path = fc.constantFrom("a", "a.csv", "a.npy", "a.sparse", "a.bin", "a.dipha", "a.upper_distance_matrix");

describe("readers", () => {
  it("end in an answer or an error made on purpose, whatever they read", () => {
    let answers = 0;
    let refusals = 0;
    fc.assert(
      fc.property(bytes, options, path, (content, asked, name) => {
        try {
          const read = parseInput(content, { ...asked, path: name });
          answers++;
          if ("points" in read) {
            const { data, shape } = read.points;
            expect(data.length).toBe(shape[0] * shape[1]);
            expect(data.every((value) => Number.isFinite(value))).toBe(true);
          } else {
            expect(read.distances.length).toBe((read.n * (read.n - 1)) / 2);
            expect(read.distances.every((value) => value >= 0)).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof BettinaError)) throw error;
          refusals++;
          expect([2, 3, 4]).toContain(error.exitCode);
          expect(error.message).toMatch(/^Expected .+ for .+, got .+/s);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be printed
          expect(error.message).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
        }
      }),
      { numRuns: 6000 },
    );
    expect(Math.min(answers, refusals)).toBeGreaterThan(100);
  });
});
