import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNumbers, parseTable } from "../../src/io/csv.js";

const path = "cloud.csv";
const table = (text: string) => parseTable(Buffer.from(text), { path });
const list = (text: string) => parseNumbers(Buffer.from(text), { path });

describe("numbers in text", () => {
  it.each([
    ["commas", "1,2\n3,4\n"],
    ["white space", " 1\t2 \n3   4"],
    ["both", "1 , 2\n3,\t4\n"],
    ["CRLF, blank lines, no last newline", "\r\n1,2\r\n\r\n  \r\n3,4"],
    ["a byte order mark", "\ufeff1,2\n3,4\n"],
    ["signs, exponents, bare points", "+1,2e0\n.3e+1,40.E-1\n"],
  ])("reads %s", (_, text) => {
    const { data, shape } = table(text);
    expect(shape).toEqual([2, 2]);
    expect(Array.from(data)).toEqual([1, 2, 3, 4]);
  });

  it("says on which lines the rows stand", () => {
    expect(Array.from(table("\n1\n\n\n2\n").lines)).toEqual([2, 5]);
  });

  it("reads back every finite number JavaScript prints, to the bit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        fc.constantFrom(",", " ", "\t", " , "),
        fc.constantFrom("\n", "\r\n"),
        (values, separator, newline) => {
          const texts = values.map((value) => (Object.is(value, -0) ? "-0" : String(value)));
          expect(table(texts.join(separator)).data).toEqual(Float64Array.from(values));
          expect(table(texts.join(newline)).shape).toEqual([values.length, 1]);
        },
      ),
    );
  });

  it("rounds every decimal number as JavaScript does, also with more digits than fit", () => {
    const digits = fc.stringMatching(/^[0-9]{1,25}$/, { size: "max" });
    const number = fc
      .tuple(fc.constantFrom("", "-", "+"), digits, fc.option(digits), fc.option(fc.integer({ min: -30, max: 30 })))
      .map(
        ([sign, whole, part, power]) =>
          `${sign}${whole}${part === null ? "" : `.${part}`}${power === null ? "" : `e${power}`}`,
      );
    fc.assert(
      fc.property(number, (text) => {
        expect(table(text).data[0]).toBe(Number(text));
        const single = Math.fround(Number(text));
        if (Number.isFinite(single)) expect(list(text).data[0]).toBe(single);
      }),
      { numRuns: 2000 },
    );
  });

  it("takes a carriage return alone as the end of a line, too", () => {
    expect(table("0,0\r1,0\r0,1\r")).toMatchObject({ shape: [3, 2], lines: Uint32Array.of(1, 2, 3) });
    expect(table("1,2\r\n3,4\r\n")).toMatchObject({ shape: [2, 2], lines: Uint32Array.of(1, 2) });
    expect(() => table("1,2,\r3,4,5")).toThrow(/empty field/);
  });

  it("reads a list whatever the lines, and says when they form a rectangle", () => {
    expect(list("1\n2,3,\n4 5 6\n")).toEqual({
      data: Float32Array.of(1, 2, 3, 4, 5, 6),
      arrangement: { rows: 3, columns: undefined, growing: true, shrinking: false },
      remarks: [],
    });
    expect(list("1,2\n3,4\n").arrangement).toEqual({ rows: 2, columns: 2, growing: false, shrinking: false });
    expect(list("1,2\n3\n").arrangement).toEqual({ rows: 2, columns: undefined, growing: false, shrinking: true });
    expect(list("1,2\n3\n4,5\n").arrangement).toEqual({
      rows: 3,
      columns: undefined,
      growing: false,
      shrinking: false,
    });
  });

  it.each([
    ["a ragged row", "1,2\n\n3,4,5\n", 3, /^Expected 2 numbers as in line 1 for line 3 of cloud\.csv, got "3"\./],
    ["a short last row", "1,2\n3", 2, /line 2/],
    ["a word", "1,2\n3,four\n", 2, /^Expected a finite decimal number for line 2 of cloud\.csv, got "four"\./],
    ["a heading", "x,y\n1,2\n", 1, /a heading \(x y\).*--header/],
    ["hexadecimal", "0x10,1\n", 1, /"0x10"/],
    ["nan", "1,nan\n", 1, /"nan"/],
    ["inf", "1,inf\n", 1, /"inf"/],
    ["-Infinity", "1,-Infinity\n", 1, /"-Infinity"/],
    ["a number too large", "1,1e999\n", 1, /"1e999"/],
    ["an empty field", "1,,2\n", 1, /^Expected a number in every field for line 1/],
    ["an empty first field", "1,2\n,2\n", 2, /line 2/],
    ["an empty last field", "1,2,\n", 1, /line 1/],
    ["an empty last field at the end", "1,2,", 1, /line 1/],
    ["a lone sign", "1,-\n", 1, /"-"/],
    ["a lone point", "1,.\n", 1, /"\."/],
    ["an exponent without digits", "1,2e\n", 1, /"2e"/],
    ["two points", "1.2.3\n", 1, /"1\.2\.3"/],
    ["a decimal comma beside semicolons", "1,5;2,5\n", 1, /"1,5".*decimal points/],
    ["a decimal comma beside blanks", "1,5 2,5\n", 1, /one kind of separator/],
    ["a decimal comma beside tabs", "1,5\t2,5\n", 1, /one kind of separator/],
    ["an empty field between tabs", "1\t2\t3\n4\t\t6\n", 2, /a number in every field/],
    ["a semicolon in a later row", "1,2\n3;4\n", 2, /"3;4"/],
    ["a zero byte", "1\0,2\n", 0, /binary data/],
    ["nothing", "", 1, /^Expected at least one number for cloud\.csv, got "an empty file"\./],
    ["blank lines only", "\n \n", 1, /got "an empty file \(white space only\)"/],
    ["comments only", "# 1\n", 1, /got "none"/],
  ])("refuses %s", (_, text, line, message) => {
    expect(() => table(text)).toThrow(
      expect.objectContaining({
        name: "DataFormatError",
        code: "DATA_FORMAT",
        exitCode: 3,
        path,
        offset: line,
        message: expect.stringMatching(message),
      }),
    );
  });
});
