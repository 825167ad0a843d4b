import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataFormatError } from "../../src/errors.js";
import { formatNpy, type NpyData, parseNpy, toFloat } from "../../src/io/npy.js";
import { hasShared, sharedPath } from "../support/shared.js";

const path = "cloud.npy";

/** A version 1.0 file with a header of one's own. */
function npy(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = Buffer.from(`${header}\n`, "latin1");
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return new Uint8Array(
    Buffer.concat([Buffer.from("\x93NUMPY", "latin1"), Buffer.from([version, 0]), length, text, data]),
  );
}

describe("npy", () => {
  it("writes the bytes numpy.save writes", () => {
    // numpy.save of numpy.array([[1, 2, 3]], dtype="<f4"), per the format's description: 128 bytes of magic and header.
    const bytes = formatNpy(Float32Array.of(1, 2, 3), [1, 3]);
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }";
    expect(Buffer.from(bytes.subarray(0, 8)).toString("hex")).toBe("934e554d50590100");
    expect(Buffer.from(bytes.subarray(8, 10)).readUInt16LE()).toBe(118);
    expect(Buffer.from(bytes.subarray(10, 128)).toString("latin1")).toBe(`${header.padEnd(117)}\n`);
    expect(Buffer.from(bytes.subarray(128)).toString("hex")).toBe("0000803f0000004000004040");
  });

  it("comes back as it was written, for every element type", () => {
    const arrays: fc.Arbitrary<NpyData>[] = [
      fc.float32Array(),
      fc.float64Array(),
      fc.uint8Array(),
      fc.int8Array(),
      fc.int16Array(),
      fc.uint16Array(),
      fc.int32Array(),
      fc.uint32Array(),
      fc.bigInt64Array(),
      fc.bigUint64Array(),
    ];
    fc.assert(
      fc.property(fc.oneof(...arrays), fc.integer({ min: 0, max: 7 }), (data, misalignment) => {
        const bytes = formatNpy(data, [data.length]);
        const shifted = new Uint8Array(bytes.length + misalignment).subarray(misalignment);
        shifted.set(bytes);
        const back = parseNpy(shifted, { path });
        expect(back.shape).toEqual([data.length]);
        expect(back.data).toEqual(data);
      }),
    );
  });

  it("turns Fortran order into C order", () => {
    // numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4)): element (i, j, k) is 12 i + 4 j + k, the first index fastest.
    const fortran: number[] = [];
    for (let k = 0; k < 4; k++)
      for (let j = 0; j < 3; j++) for (let i = 0; i < 2; i++) fortran.push(12 * i + 4 * j + k);
    const file = npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4), }", Uint8Array.from(fortran));
    expect(Array.from(parseNpy(file, { path }).data, Number)).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  it("reads versions 2.0 and 3.0 and a single number", () => {
    for (const version of [2, 3]) {
      const file = npy("{'descr': '<i2', 'fortran_order': False, 'shape': (), }", Uint8Array.of(0xfe, 0xff), version);
      expect(parseNpy(file, { path })).toEqual({ data: Int16Array.of(-2), shape: [], dtype: "<i2" });
    }
  });

  it("gives integers as float64 and keeps floats", () => {
    expect(toFloat({ data: BigInt64Array.of(-3n, 2n ** 40n), shape: [2], dtype: "<i8" })).toEqual(
      Float64Array.of(-3, 2 ** 40),
    );
    const data = Float32Array.of(0.5);
    expect(toFloat({ data, shape: [1], dtype: "<f4" })).toBe(data);
  });

  it("names what is broken and where", () => {
    const good = formatNpy(Float32Array.of(1, 2), [2]);
    const cases: [Uint8Array, number, RegExp][] = [
      [Buffer.from("1,2,3\n"), 0, /^Expected \\x93NUMPY for the magic at byte 0 of cloud\.npy, got "1,2,3\\n"\./],
      [good.with(6, 4), 6, /^Expected 1\.0, 2\.0 or 3\.0 for the format version at byte 6 of cloud\.npy, got "4\.0"\./],
      [good.subarray(0, 6), 6, /^Expected at least 10 bytes for the file at byte 6 of cloud\.npy, got 6\..*cut off/],
      [good.subarray(0, 9), 9, /cut off/],
      [good.subarray(0, 60), 60, /^Expected a header of 118 bytes/],
      [good.subarray(0, 133), 133, /^Expected 8 bytes of data \(<f4 of shape \(2\)\) .*got 5\..*cut off/],
      [Buffer.concat([good, Buffer.from([0])]), 136, /got "1 more bytes"/],
      [
        npy("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8)),
        10,
        /complex numbers.*astype/,
      ],
      [npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8)), 10, /Python objects/],
      [npy("{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(16)), 10, /another size/],
      [
        npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)),
        10,
        /plain array of numbers/,
      ],
      [npy("{'descr': '<f4', 'shape': (1,), }", new Uint8Array(4)), 10, /fortran_order/],
      [npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", new Uint8Array(4)), 10, /shape/],
    ];
    for (const [bytes, offset, message] of cases) {
      const error = thrown(() => parseNpy(bytes, { path }));
      expect(error).toBeInstanceOf(DataFormatError);
      expect(error).toMatchObject({ path, offset, exitCode: 3, message: expect.stringMatching(message) });
    }
  });

  it.skipIf(!hasShared("data", "reference"))("reads every array NumPy wrote for the reference clouds", () => {
    const folder = sharedPath("data", "reference") as string;
    const names = readdirSync(folder).filter((name) => name.endsWith(".npy"));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const { data, shape, dtype } = parseNpy(readFileSync(join(folder, name)), { path: name });
      const width = /_w(\d+)_/.exec(name)?.[1] ?? "784";
      expect({ name, dtype, d: shape[1], length: data.length }).toEqual({
        name,
        dtype: "<f4",
        d: Number(width),
        length: shape[0] * shape[1],
      });
      expect((data as Float32Array).every(Number.isFinite)).toBe(true);
    }
  });
});

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
