/**
 * What the readouts find, where it is known: size and power.
 *
 * - `--part shapes`: the universal null distribution on circles, annuli, spheres, tori and noise, in their own dimension
 *   and in twenty coordinates; how often it counts what is there, more than that, or cannot test. `--shape NAME`,
 *   `--places own,turned,noisy,bent`, `--sizes 50,100,...`, `--seeds 100`.
 * - `--part planted`: a circle of `--counts 12,24,48,96` turned copies of one image among 200 other test images of its
 *   digit, beside as many images without it; how often each readout tells them apart. `--digits 0,1,...`, `--seeds 3`.
 * - `--part rotated`: training images of one digit, every one turned by a random angle: a loop that is there for certain;
 *   from which `--sizes` on it stands out.
 *
 * `--save FILE` writes the rows as JSON. MNIST: `--data DIR` or `$BETTINA_MNIST`.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  bettiNumbers,
  type Diagram,
  gaussianPoints,
  loadDataset,
  type PointCloud,
  persistence,
  readoutContext,
} from "bettina";
import { drawShape, knownShapes, places, turnedImage } from "./readout-clouds.js";

const { values: options } = parseArgs({
  options: {
    part: { type: "string", default: "shapes" },
    shape: { type: "string" },
    places: { type: "string", default: places.join(",") },
    sizes: { type: "string" },
    counts: { type: "string", default: "12,24,48,96" },
    digits: { type: "string", default: "0,1,2,3,4,5,6,7,8,9" },
    seeds: { type: "string" },
    data: { type: "string" },
    save: { type: "string" },
  },
});
const plantedReadouts = [
  "count",
  "ratio>1.1",
  "ratio>1.5",
  "ratio>3",
  "relative-persistence>0.05",
  "relative-persistence>0.1",
  "largest-gap",
  "universal-null@0.05",
  "universal-null-bh@0.05",
  "bootstrap@0.05:B=40",
  "fasy@0.05",
  "fasy@0.05:2c",
];

const numbers = (text: string) => text.split(",").map(Number);
const parts: Record<string, () => Promise<readonly object[]>> = { shapes, planted, rotated };
const part = parts[options.part];
if (!part) throw new Error(`Expected shapes, planted or rotated for --part, got ${options.part}.`);
const rows = await part();
if (options.save) writeFileSync(options.save, `${JSON.stringify(rows, null, 1)}\n`);

/** How often one degree of one shape was read right, too high, or not at all; the rest was read too low. */
async function shapes(): Promise<readonly object[]> {
  const seeds = Number(options.seeds ?? 100);
  const found: object[] = [];
  for (const shape of knownShapes.filter(({ name }) => options.shape === undefined || name === options.shape))
    for (const place of places.filter(
      (one) => options.places.split(",").includes(one) && (shape.name !== "normal in 20" || one === "own"),
    ))
      for (const n of numbers(options.sizes ?? "20,50,100,200,400,800")) {
        const maxDim = n > 400 ? 1 : 2;
        const counts = Array.from({ length: maxDim }, () => ({ right: 0, more: 0, untested: 0, ratio3: 0 }));
        for (let seed = 1; seed <= seeds; seed++) {
          const result = await persistence(drawShape(shape, place, n, seed), { maxDim });
          const byNull = bettiNumbers(result, "universal-null@0.05").betti;
          const byRatio = bettiNumbers(result, "ratio>3").betti;
          counts.forEach((count, i) => {
            const truth = shape.betti[i]!;
            const value = byNull[i + 1]!;
            if (value === null) count.untested++;
            else if (value === truth) count.right++;
            else if (value > truth) count.more++;
            if (byRatio[i + 1] === truth) count.ratio3++;
          });
        }
        counts.forEach((count, i) => {
          const row = { shape: shape.name, place, n, k: i + 1, truth: shape.betti[i]!, seeds, ...count };
          found.push(row);
          console.log(
            `${row.shape.padEnd(13)} ${place.padEnd(7)} n ${String(n).padStart(3)}  H${row.k}, b${row.k} = ${row.truth}: right ${row.right}, more ${row.more}, not tested ${row.untested}; by ratio>3 right ${row.ratio3}, of ${seeds}`,
          );
        });
      }
  return found;
}

/** Images of one digit, as bytes. */
async function imagesOf(split: "train" | "test", digit: number): Promise<Uint8Array[]> {
  const directory =
    options.data ?? process.env.BETTINA_MNIST ?? resolve(process.env.BETTINA_SHARED ?? "../shared", "data", "mnist");
  const set = (await loadDataset({ dataset: "mnist", directory }))[split];
  const pixels = set.data as Uint8Array;
  return [...set.labels].flatMap((label, i) => (label === digit ? [pixels.subarray(i * 784, (i + 1) * 784)] : []));
}

/** An order of n things. */
function shuffled(n: number, seed: number, label: number): number[] {
  const keys = gaussianPoints(n, 1, seed, label, 0).data;
  return Array.from({ length: n }, (_, i) => i).sort((one, other) => keys[one]! - keys[other]!);
}

function cloudOf(images: readonly Uint8Array[]): PointCloud {
  const data = new Uint8Array(images.length * 784);
  for (const [i, image] of images.entries()) data.set(image, i * 784);
  return { data, shape: [images.length, 784], scale: 1 / 255 };
}

function highest({ births, deaths }: Diagram): number {
  return births.reduce((most, birth, i) => Math.max(most, deaths[i]! / birth), 1);
}

/** Loops of the planted cloud beside those of the control, readout by readout. */
async function planted(): Promise<readonly object[]> {
  const seeds = Number(options.seeds ?? 3);
  const found: { digit: number; seed: number; count: number; ratio: number; control: number; loops: object }[] = [];
  for (const digit of numbers(options.digits)) {
    const images = await imagesOf("test", digit);
    for (let seed = 1; seed <= seeds; seed++) {
      const order = shuffled(images.length, seed, digit);
      const [turning, ...others] = order.map((i) => images[i]!);
      for (const count of numbers(options.counts)) {
        const circle = Array.from({ length: count }, (_, i) => turnedImage(turning!, (2 * Math.PI * i) / count));
        const withCircle = cloudOf([...others.slice(0, 200), ...circle]);
        const control = cloudOf(others.slice(0, 200 + count));
        const read = async (cloud: PointCloud) => {
          const result = await persistence(cloud);
          const context = await readoutContext(cloud, { seed });
          return {
            ratio: highest(result.diagrams[1]!),
            loops: plantedReadouts.map((readout) => bettiNumbers(result, readout, context).betti[1]!),
          };
        };
        const [one, other] = [await read(withCircle), await read(control)];
        const loops = Object.fromEntries(
          plantedReadouts.map((readout, i) => [readout, [one.loops[i]!, other.loops[i]!]] as const),
        );
        found.push({ digit, seed, count, ratio: one.ratio, control: other.ratio, loops });
        console.log(
          `digit ${digit}, seed ${seed}, ${count} turned: highest ratio ${one.ratio.toFixed(2)} (control ${other.ratio.toFixed(2)}); ${plantedReadouts.map((readout, i) => `${readout} ${one.loops[i] ?? "–"}/${other.loops[i] ?? "–"}`).join(", ")}`,
        );
      }
    }
  }
  for (const count of numbers(options.counts)) {
    const those = found.filter((row) => row.count === count);
    console.log(`${count} turned among 200, ${those.length} clouds:`);
    for (const readout of plantedReadouts) {
      const pairs = those.map(({ loops }) => (loops as Record<string, [number | null, number | null]>)[readout]!);
      const tested = pairs.filter(([one, other]) => one !== null && other !== null);
      const more = tested.filter(([one, other]) => one! > other!).length;
      const less = tested.filter(([one, other]) => one! < other!).length;
      console.log(
        `  ${readout}: more loops than the control ${more}, fewer ${less}, as many ${tested.length - more - less}, not tested ${pairs.length - tested.length}; any loop: with the circle ${pairs.filter(([one]) => (one ?? 0) > 0).length}, control ${pairs.filter(([, other]) => (other ?? 0) > 0).length}`,
      );
    }
  }
  return found;
}

/** Every image turned by an angle of its own. */
async function rotated(): Promise<readonly object[]> {
  const seeds = Number(options.seeds ?? 1);
  const found: object[] = [];
  for (const digit of numbers(options.digits)) {
    const images = await imagesOf("train", digit);
    for (let seed = 1; seed <= seeds; seed++)
      for (const asked of numbers(options.sizes ?? "200,400,1000,2000,4000,7000")) {
        const n = Math.min(asked, images.length);
        const angles = gaussianPoints(n, 2, seed, digit, 1).data;
        const order = shuffled(images.length, seed, digit).slice(0, n);
        const result = await persistence(
          cloudOf(order.map((i, j) => turnedImage(images[i]!, Math.atan2(angles[2 * j]!, angles[2 * j + 1]!)))),
        );
        const read = (readout: string) => bettiNumbers(result, readout).betti[1]!;
        const loops = Object.fromEntries(
          ["count", "ratio>1.1", "ratio>3", "universal-null@0.05", "universal-null-bh@0.05"].map(
            (readout) => [readout, read(readout)] as const,
          ),
        );
        found.push({ digit, seed, n, ratio: highest(result.diagrams[1]!), loops });
        console.log(
          `digit ${digit}, seed ${seed}, n ${n}: highest ratio ${highest(result.diagrams[1]!).toFixed(2)}; ${Object.entries(
            loops,
          )
            .map(([readout, value]) => `${readout} ${value}`)
            .join(", ")}`,
        );
      }
  }
  return found;
}
