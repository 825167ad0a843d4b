/**
 * OFF, Geomview's format of meshes (its documentation of Object File Format): of each vertex the coordinates are read, as
 * points; normals, colours and faces are left out.
 */
import { broken, cutOff } from "./broken.js";
import { textOf } from "./content.js";
import type { PointsInput } from "./points-file.js";

/**
 * The vertices of an OFF file, in 3 dimensions; of 4OFF in 4, of nOFF in as many as it says.
 * @throws DataFormatError, with path and line, for a broken header or vertex, or fewer lines than the header says
 */
export function pointsOfOff(bytes: Uint8Array, { path }: { readonly path: string }): PointsInput {
  const lines = new Lines(Buffer.from(textOf(bytes, path)).toString("latin1"));
  const header = /^(?:ST)?C?N?(4?)(n?)OFF\b\s*(.*)$/.exec(lines.next() ?? "");
  const bad = (what: string, got: unknown, hint: string) =>
    broken(path, lines.line, what, `line ${lines.line}`, got, hint);
  if (!header) throw bad("OFF", "another word", "Check that this is an OFF file.");
  if (header[3] === "BINARY") throw bad("an OFF file as text", "a binary one", "Convert it to text.");
  const [, four, general] = header;
  const words = header[3]!.split(/\s+/).filter((word) => word !== "");
  const wanted = general ? 4 : 3;
  while (words.length < wanted) {
    const more = lines.next();
    if (more === undefined) throw bad("numbers of vertices, faces and edges", "the end", cutOff);
    words.push(...more.split(/\s+/));
  }
  const sizes = words.slice(0, wanted).map(Number);
  const d = general ? sizes.shift()! : 3;
  const all = four ? d + 1 : d;
  const n = sizes[0]!;
  if (words.length > wanted || ![n, all].every((size) => Number.isSafeInteger(size) && size >= 1))
    throw bad("numbers of vertices, faces and edges", words.join(" "), "Check that this is an OFF file.");
  // Every coordinate takes at least two bytes.
  if (n * all * 2 > bytes.length + 1) throw bad(`${n} vertices`, "a shorter file", cutOff);
  const data = new Float64Array(n * all);
  for (let i = 0; i < n; i++) {
    const line = lines.next();
    if (line === undefined) throw bad(`${n} vertices`, `${i}`, cutOff);
    const numbers = line.split(/\s+/);
    for (let k = 0; k < all; k++) {
      const word = numbers[k] ?? "";
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN;
      if (!Number.isFinite(value))
        throw bad(`${all} coordinates of vertex ${i}`, word || `${numbers.length}`, "Repair the vertex.");
      data[i * all + k] = value;
    }
  }
  return { points: { data, shape: [n, all] }, remarks: [] };
}

/** The lines that are neither blank nor comments, trimmed, without what follows a #. */
class Lines {
  line = 0;
  private at = 0;

  constructor(private readonly text: string) {}

  next(): string | undefined {
    while (this.at < this.text.length) {
      const found = this.text.indexOf("\n", this.at);
      const end = found < 0 ? this.text.length : found;
      const line = this.text
        .slice(this.at, end)
        .replace(/[#%].*/, "")
        .trim();
      this.at = end + 1;
      this.line++;
      if (line !== "") return line;
    }
    return undefined;
  }
}
