import { describe, expect, it } from "vitest";
import { type ParseInputOptions, parseInput } from "../../src/io/cloud-file.js";

const read = (text: string, options: ParseInputOptions = {}, path = "a.csv") => {
  const input = parseInput(Buffer.from(text), { path, ...options });
  if (!("points" in input)) throw new Error("distances");
  const [n, d] = input.points.shape;
  const rows = Array.from({ length: n }, (_, i) => Array.from(input.points.data.subarray(i * d, (i + 1) * d)));
  return { rows, remarks: input.remarks };
};
const three = [
  [1, 2],
  [3.5, 4],
  [5, -6],
];

describe("tables as programs write them", () => {
  it.each<[string, string, ParseInputOptions?]>([
    ["semicolons", "1;2\n3.5;4\n5;-6\n"],
    ["semicolons and blanks", "1; 2\n3.5 ;4\n5;-6\n"],
    ["numpy.savetxt with a heading", "# x y\n1.000000000000000000e+00 2.000000000000000000e+00\n3.5 4\n5 -6\n"],
    ["comments of other kinds", "% made by\n// hand\n1,2\n3.5,4\n# half\n5,-6\n"],
    ["numbers in quotation marks", '"1","2"\n"3.5","4"\n"5","-6"\n'],
    ["a heading", "x,y\n1,2\n3.5,4\n5,-6\n", { header: true }],
    ["a heading with commas in quotation marks", '"x, in m",y\n1,2\n3.5,4\n5,-6\n', { header: true }],
    ["a heading after a byte order mark and CRLF", "\ufeffx;y\r\n1;2\r\n3.5;4\r\n5;-6\r\n", { header: true }],
    ["pandas with its index", ",x,y\n0,1,2\n1,3.5,4\n2,5,-6\n", { header: true, labels: ["1"] }],
    ["R's write.table", '"x" "y"\n"1" 1 2\n"2" 3.5 4\n"3" 5 -6\n', { header: true, labels: ["1"] }],
    ["R's write.csv", '"","x","y"\n"1",1,2\n"2",3.5,4\n"3",5,-6\n', { header: true, labels: ["1"] }],
    ["labels by number", "1,2,setosa\n3.5,4,virginica\n5,-6,setosa\n", { labels: ["3"] }],
    ["labels with blanks, quotation marks and none", '1,a b,2\n3.5,"c, ""d""",4\n5,,-6\n', { labels: ["2"] }],
    ["labels first, and empty", ",1,2\nb,3.5,4\n,5,-6\n", { labels: ["1"] }],
    ["labels last, and empty", "1,2,\n3.5,4,\n5,-6,x\n", { labels: ["3"] }],
    ["labels between white space", "1 a 2\n3.5 b 4\n5 c -6\n", { labels: ["2"] }],
    ["labels between tabs", "1\ta b\t2\n3.5\t\t4\n5\tc\t-6\n", { labels: ["2"] }],
    ["labels by name", "x,kind,y\n1,a,2\n3.5,b,4\n5,c,-6\n", { header: true, labels: ["kind"] }],
    ["columns by name", "id,x,kind,y\n7,1,a,2\n8,3.5,b,4\n9,5,c,-6\n", { header: true, columns: ["x", "y"] }],
    ["columns by number", "9,1,2,a\n9,3.5,4,b\n9,5,-6,c\n", { columns: ["2-3"] }],
    ["columns without some", "1,2,a\n3.5,4,b\n5,-6,c\n", { columns: ["1-3"], labels: ["3"] }],
  ])("reads %s", (_, text, options) => {
    expect(read(text, options)).toEqual({ rows: three, remarks: [] });
  });

  it.each<[string, string, ParseInputOptions, RegExp]>([
    ["a heading", "x,y\n1,2\n", {}, /got "a heading \(x y\)"\. Say --header to leave it out\./],
    ["a heading of many", "a b c d\n1 2 3 4\n", {}, /a heading \(a b c \.\.\.\)/],
    ["a heading above labels", "x,y,kind\n1,2,a\n", {}, /Say --header, and --labels 3 to leave out the words below it/],
    ["a heading of R", '"x" "y"\n"r1" 1 2\n', {}, /Say --header, and --labels 1 to leave out the names of the rows/],
    ["labels", "1,2,a\n3,4,b\n", {}, /words in column 3 \(a\)"\. Leave labels out with --labels 3\./],
    ["labels below a heading", "x,y\n1,a\n2,b\n", { header: true }, /line 2 of a\.csv.*--labels 2/],
    ["words only", "to be\nor not\n", {}, /got "words"\. Check that this is the right file/],
    ["one word among numbers", "1,x\n2,3\n", {}, /a finite decimal number for line 1 of a\.csv, got "x"/],
    [
      "an index without a name",
      ",x\n0,1\n1,2\n",
      { header: true },
      /seems to name the rows"\. Leave it out with --labels 1/,
    ],
    ["a heading that does not fit", "x,y,z,w\n1,2\n", { header: true }, /4 fields as in the heading for line 2.*got 2/],
    ["a heading alone", "x,y\n", { header: true }, /numbers below the heading/],
    ["quotation marks around some", '"1",2\n"3",4\n', {}, /words in column 1/],
    ["a decimal comma in quotation marks", '"1,5","2"\n', {}, /got/],
    ["thousands in quotation marks", '"1,234.5","2"\n', {}, /got/],
    ["thousands beside tabs", "1,234\t2,345\n", {}, /one kind of separator/],
    ["thousands beside semicolons", "1,234.5;2\n", {}, /"1,234\.5"/],
    ["labels over two lines", '1,"a\nb"\n', { labels: ["2"] }, /closing quotation mark/],
  ])("refuses %s, and says what to do", (_, text, options, message) => {
    expect(() => read(text, options)).toThrow(
      expect.objectContaining({ name: "DataFormatError", message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, string, ParseInputOptions, RegExp]>([
    [
      "a column beyond the last",
      "1,2\n",
      { labels: ["3"] },
      /a column of a\.csv by its number from 1 to 2 for --labels/,
    ],
    ["a name without a heading", "1,2\n", { columns: ["x"] }, /Names need a heading and --header/],
    ["a name that is not there", "x,y\n1,2\n", { header: true, columns: ["z"] }, /Take a name of the heading/],
    ["a name given twice", "x,x\n1,2\n", { header: true, columns: ["x"] }, /More than one column answers/],
    ["a number that is another column's name", "2,1\n5,6\n", { header: true, columns: ["1"] }, /More than one/],
    ["every column left out", "1,2\n", { labels: ["1-2"] }, /at least one column left/],
    ["a heading of an array", "1,2\n", { array: "x" }, /a \.npz file for --array, got "a\.csv"/],
    ["a symmetrisation of points", "1,2\n", { symmetrise: "mean" }, /a square matrix of distances for --symmetrise/],
    ["a diagonal of points", "1,2\n", { diagonal: "with" }, /a triangle of distances for --diagonal/],
    ["flattened text", "1,2\n", { flatten: true }, /for --flatten/],
  ])("refuses %s as an option", (_, text, options, message) => {
    expect(() => read(text, options)).toThrow(
      expect.objectContaining({ name: "ConfigError", exitCode: 2, message: expect.stringMatching(message) }),
    );
  });

  it("tells what was read as points and may be something else", () => {
    const cases: [string, ParseInputOptions, RegExp | undefined][] = [
      ["0,1,2,3\n5,6,7,9\n", {}, /line 1 counts its columns.*--header/],
      ["0,1,2,3\n5,6,7,9\n", { format: "point-cloud" }, undefined],
      ["0,1,2,3\n5,6,7,9\n1,1,1,1\n", { header: true }, /line 1 holds numbers and was left out as the heading/],
      ["0,5\n1,3\n2,8\n3,1\n", {}, /the first column counts the rows.*--labels 1/],
      ["0,5\n1,3\n2,8\n3,1\n", { columns: ["1", "2"] }, undefined],
      ["0\n1\n2\n3\n", {}, undefined],
      ["1,2,3\n", {}, /one point in 3 dimensions/],
      ["0 1 0.5\n0 2 0.25\n1 2 0.75\n", {}, /--format sparse/],
      ["0 1 0.5\n2 0 0.25\n1 2 0.75\n", {}, undefined],
      ["0,2\n2,0\n", {}, /--format distance/],
      ["1,2\n2,1\n", {}, undefined],
    ];
    for (const [text, options, remark] of cases)
      expect(read(text, options).remarks, text).toEqual(remark ? [expect.stringMatching(remark)] : []);
  });

  it("reads a matrix with names of rows and columns", () => {
    const matrix = parseInput(Buffer.from(",a,b,c\na,0,1,2\nb,1,0,inf\nc,2,Inf,0\n"), {
      path: "a.csv",
      format: "distance",
      header: true,
      labels: ["1"],
    });
    expect(matrix).toEqual({ n: 3, distances: Float32Array.of(1, 2, Infinity), remarks: [] });
  });
});
