import { describe, expect, it } from "vitest";
import { compute, type EngineRequest, type PlanName } from "../../src/engine/engine.js";
import { instantiate, loadModule } from "../../src/engine/module.js";
import { EnginePool } from "../../src/engine/pool.js";
import { computeStream, type Progress, type StreamSizes, streamSizes } from "../../src/engine/stream.js";
import { Random } from "../../src/random.js";
import { pointsSource } from "../../src/topology/distance-matrix.js";
import { persistence } from "../../src/topology/persistence.js";
import { type Metric, metrics, type PointCloud, toPointCloud } from "../../src/topology/point-cloud.js";
import { pairs } from "../support/diagrams.js";
import { digitImages, hasMnist } from "../support/mnist.js";

const { module } = await loadModule();

/** Lists and blocks so short that every way out of a list that ends is taken. */
const tiny: StreamSizes = { block: 7, near: 2, keep: 4, room: 6 };
const small: StreamSizes = { block: 40, near: 5, keep: 12, room: 16 };

interface Options {
  readonly threshold?: number;
  readonly modulus?: number;
  readonly metric?: Metric;
  readonly maxDim?: number;
}

function request(cloud: PointCloud, plan: PlanName, options: Options): EngineRequest {
  return {
    source: pointsSource(toPointCloud(cloud), options.metric ?? "euclidean"),
    maxDim: options.maxDim ?? 1,
    threshold: options.threshold,
    modulus: options.modulus ?? 2,
    zeroLength: false,
    plan,
    memoryLimit: 2 ** 30,
  };
}

/** What the streaming engine finds, in the shape of {@link dense}. */
function streamed(cloud: PointCloud, sizes: StreamSizes, options: Options = {}) {
  const asked = request(cloud, "stream", options);
  const maxDim = asked.maxDim;
  const kernels = instantiate({ module });
  kernels.crewOpen(1);
  // Memory is not empty when it comes.
  const mark = kernels.mark();
  const ptr = kernels.allocate(2 ** 21);
  new Uint8Array(kernels.memory.buffer, ptr, 2 ** 21).fill(0xa5);
  kernels.release(mark);
  const run = computeStream(kernels, { request: asked, maxDim, limit: asked.memoryLimit }, undefined, sizes)!;
  const diagrams = [];
  for (let dim = 0; dim <= maxDim; dim++) {
    const [start, count] = new Uint32Array(kernels.memory.buffer, run.resultsPtr + 16 * dim, 2);
    const numbers = new Float32Array(kernels.memory.buffer, start!, 2 * count!);
    const found: [number, number][] = [];
    for (let i = 0; i < count!; i++) found.push([numbers[2 * i]!, numbers[2 * i + 1]!]);
    diagrams.push(found.sort((a, b) => a[0] - b[0] || (a[1] === b[1] ? 0 : a[1] - b[1])));
  }
  return { diagrams, threshold: run.threshold, enclosingRadius: run.enclosingRadius };
}

/** The same from a distance matrix, by all simplices where n is small. */
function dense(cloud: PointCloud, options: Options = {}, plan: PlanName = "lazy") {
  const { dimensions, threshold, enclosingRadius } = compute(module, request(cloud, plan, options));
  return {
    diagrams: dimensions.map(({ births, deaths }) => Array.from(births, (birth, i) => [birth, deaths[i]!])),
    threshold,
    enclosingRadius,
  };
}

function integers(random: Random, n: number, d: number, most: number): Uint8Array {
  return Uint8Array.from({ length: n * d }, () => random.integer(most));
}

function normals(random: Random, n: number, d: number): Float32Array {
  return Float32Array.from({ length: n * d }, () => random.normal());
}

describe("the streaming engine equals the dense plan bar by bar", () => {
  it("on points with many ties and duplicates, however short its lists are", () => {
    const random = new Random(1, "stream", "ties");
    for (let i = 0; i < 120; i++) {
      const n = 4 + random.integer(60);
      const d = 1 + random.integer(4);
      const data = integers(random, n, d, 2 + random.integer(5));
      const cloud: PointCloud = { data, shape: [n, d], scale: i % 3 === 0 ? 0.3 : 1 };
      const options = { modulus: [2, 3, 251][i % 3]!, metric: i % 2 ? "sqeuclidean" : "euclidean" } as const;
      const sizes = { ...tiny, block: 1 + random.integer(20), keep: 1 + random.integer(10) };
      expect(streamed(cloud, sizes, options)).toEqual(dense(cloud, options, "simplices"));
    }
  });

  it("where different sums of squares round to one length, and what has length zero only then vanishes", () => {
    const random = new Random(10, "stream", "rounding");
    let vanished = 0;
    for (let i = 0; i < 20; i++) {
      const n = 20 + random.integer(60);
      // d² · scale² is a few times the least float32 above 0.
      const cloud: PointCloud = { data: integers(random, n, 3, 30), shape: [n, 3], scale: 5e-24 };
      const options = { metric: "sqeuclidean" } as const;
      const bars = streamed(cloud, tiny, options);
      expect(bars).toEqual(dense(cloud, options, "simplices"));
      vanished += streamed({ ...cloud, scale: 1 }, tiny, options).diagrams[1]!.length - bars.diagrams[1]!.length;
    }
    expect(vanished).toBeGreaterThan(20);
  });

  it("on floats under every metric", () => {
    const random = new Random(2, "stream", "floats");
    for (let i = 0; i < 60; i++) {
      const n = 4 + random.integer(150);
      const d = 1 + random.integer(6);
      const data = i % 2 ? normals(random, n, d) : Float64Array.from(normals(random, n, d));
      const cloud: PointCloud = { data, shape: [n, d], scale: 0.7 };
      const options = { metric: metrics[i % metrics.length]!, modulus: i % 4 === 0 ? 3 : 2 };
      const sizes = i % 3 ? small : { ...tiny, near: 1 + random.integer(8) };
      expect(streamed(cloud, sizes, options)).toEqual(dense(cloud, options));
    }
  });

  it("at thresholds that are distances, between distances, zero, and above everything", () => {
    const random = new Random(3, "stream", "thresholds");
    for (let i = 0; i < 60; i++) {
      const n = 4 + random.integer(80);
      const data = integers(random, n, 3, 6);
      const cloud: PointCloud = { data, shape: [n, 3] };
      for (const threshold of [0, 1, Math.SQRT2, 2, Math.sqrt(5), 2.5, 1e9])
        expect(streamed(cloud, tiny, { threshold })).toEqual(dense(cloud, { threshold }));
    }
  });

  it("on one to four points, on equal points, and on points of dimension 0 only", () => {
    for (const n of [1, 2, 3, 4, 5, 130]) {
      const cloud: PointCloud = { data: new Uint8Array(2 * n).fill(9), shape: [n, 2] };
      const maxDim = n < 4 ? 0 : 1;
      for (const sizes of [tiny, small, streamSizes])
        expect(streamed(cloud, sizes, { maxDim })).toEqual(dense(cloud, { maxDim }));
    }
    const random = new Random(4, "stream", "h0");
    const cloud: PointCloud = { data: normals(random, 200, 3), shape: [200, 3] };
    expect(streamed(cloud, small, { maxDim: 0 })).toEqual(dense(cloud, { maxDim: 0 }));
  });

  it("on annuli, whose one class lives long, and on clusters of very different density", () => {
    const random = new Random(5, "stream", "annulus");
    const ring = new Float32Array(400);
    for (let i = 0; i < 200; i++) {
      const angle = 2 * Math.PI * random.uniform();
      const radius = 1 + 0.3 * random.uniform();
      ring.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * i);
    }
    const clusters = Float32Array.from({ length: 900 }, (_, i) => {
      const cluster = Math.floor(i / 3) % 3;
      return 5 * cluster + 10 ** -cluster * random.normal();
    });
    for (const cloud of [
      { data: ring, shape: [200, 2] as const },
      { data: clusters, shape: [300, 3] as const },
    ])
      for (const modulus of [2, 3])
        for (const sizes of [tiny, small, streamSizes])
          expect(streamed(cloud, sizes, { modulus })).toEqual(dense(cloud, { modulus }));
  });

  it.skipIf(!hasMnist())("on images, and on binary images with their many ties", () => {
    const images = digitImages("test", 3, 900);
    const cloud: PointCloud = { data: images.data, shape: [900, 784], scale: 1 / 255 };
    expect(streamed(cloud, streamSizes)).toEqual(dense(cloud));
    expect(streamed(cloud, small)).toEqual(dense(cloud));
    const binary: PointCloud = { data: images.data.map((value) => (value > 127 ? 1 : 0)), shape: [900, 784] };
    expect(streamed(binary, streamSizes, { modulus: 3 })).toEqual(dense(binary, { modulus: 3 }));
    expect(streamed(binary, small)).toEqual(dense(binary));
  });
});

describe("the plan stream", () => {
  it("is chosen for points from 2500 on, tells its progress, and gives what the others give", async () => {
    const random = new Random(6, "stream", "plan");
    const data = normals(random, 2500, 4);
    const cloud: PointCloud = { data, shape: [2500, 4] };
    const events: Progress[] = [];
    const result = await persistence(cloud, { onProgress: (event) => events.push(event) });
    expect(result.plans).toEqual(["stream", "stream"]);
    expect(pairs(result)).toEqual(pairs(await persistence(cloud, { plan: "lazy" })));
    expect([...new Set(events.map(({ phase }) => phase))]).toEqual(["distances", "graph", "loops"]);
    expect(events.every(({ done, total }) => done >= 0 && done <= total)).toBe(true);
    const passed: Progress[] = [];
    const inWorker = await persistence(cloud, { timeout: 60_000, onProgress: (event) => passed.push(event) });
    expect(pairs(inWorker)).toEqual(pairs(result));
    expect(passed[0]).toEqual(events[0]);
  });

  it("gives the same bytes with any number of threads, and leaves the caller's data alone", async () => {
    const random = new Random(9, "stream", "threads");
    const bytes = Buffer.from(integers(random, 1500, 6, 40));
    const floats = normals(random, 1500, 5);
    for (const cloud of [
      { data: bytes, shape: [1500, 6] as const },
      { data: floats, shape: [1500, 5] as const },
    ]) {
      const one = await persistence(cloud, { plan: "stream" });
      for (const threads of [2, 3]) {
        const many = await persistence(cloud, { plan: "stream", threads });
        expect(many.diagrams).toEqual(one.diagrams);
        expect(many.columns).toEqual(one.columns);
        expect(many.plans).toEqual(["stream", "stream"]);
      }
      expect(cloud.data.length).toBeGreaterThan(0);
    }
  });

  it("gives them too where lists of nearest points end before the edges between clusters", async () => {
    const random = new Random(12, "stream", "clusters");
    // Three clusters of 1600 points, each far from the others: no list of 256 reaches another cluster. More points than
    // are sorted at once, and than a sample of a row takes.
    const data = Float32Array.from(
      { length: 4800 * 3 },
      (_, i) => (i % 3 === Math.floor(i / 3) % 3 ? 30 : 0) + random.normal(),
    );
    const cloud: PointCloud = { data, shape: [4800, 3] };
    const expected = dense(cloud).diagrams;
    // The two longest bars of finite length in dimension 0 join the clusters.
    expect(expected[0]!.filter(([, death]) => death! > 30 && death! < Infinity).length).toBe(2);
    for (const threads of [1, 2, 3])
      expect(pairs(await persistence(cloud, { plan: "stream", threads }))).toEqual(expected);
    // Short lists, whose longer ones are found by a sample of the row.
    expect(streamed(cloud, small).diagrams).toEqual(expected);
  });

  it.each([
    { phase: "distances", threads: 1 },
    { phase: "graph", threads: 1 },
    { phase: "loops", threads: 1 },
    { phase: "distances", threads: 2 },
    { phase: "graph", threads: 2 },
    { phase: "loops", threads: 2 },
  ])("is cancelled during $phase with $threads thread(s), and the threads serve the next call", async (where) => {
    const random = new Random(13, "stream", "cancel");
    const cloud: PointCloud = { data: normals(random, 4000, 6), shape: [4000, 6] };
    const pool = new EnginePool(1);
    try {
      const controller = new AbortController();
      const running = persistence(cloud, {
        plan: "stream",
        threads: where.threads,
        signal: controller.signal,
        pool,
        onProgress: ({ phase }) => phase === where.phase && controller.abort(),
      });
      await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
      const next = await persistence([[0], [2]], { threads: where.threads, pool });
      expect(next.diagrams[0]!.deaths[0]).toBe(2);
    } finally {
      await pool.close();
    }
  });

  it("serves on request what is smaller, and gives way where it does not serve", async () => {
    const random = new Random(7, "stream", "asked");
    const cloud: PointCloud = { data: normals(random, 60, 3), shape: [60, 3] };
    expect((await persistence(cloud, { plan: "stream" })).plans).toEqual(["stream", "stream"]);
    expect((await persistence(cloud, { plan: "stream", maxDim: 2 })).plans).toEqual(["flag", "flag", "flag"]);
  });
});

describe("classes that live long", () => {
  const random = new Random(7, "stream", "ring");
  /** A ring with a wide hole, which one loop goes around. */
  function ring(n: number, d: number): Float32Array {
    const data = new Float32Array(n * d);
    for (let i = 0; i < n; i++) {
      const turn = 2 * Math.PI * random.uniform();
      const radius = 1 + 0.2 * random.uniform();
      data.set([radius * Math.cos(turn), radius * Math.sin(turn)], i * d);
      for (let k = 2; k < d; k++) data[i * d + k] = 0.05 * random.normal();
    }
    return data;
  }

  it.each([1, 2])(
    "end with what they need where their homology of lunes does not fit, with %d thread(s)",
    async (threads) => {
      const cloud = { data: ring(2600, 2), shape: [2600, 2] as const };
      const refused = persistence(cloud, { threads, memoryLimit: 18 * 2 ** 20 });
      await expect(refused).rejects.toMatchObject({ code: "MEMORY_LIMIT" });
      await expect(refused).rejects.toThrow(
        /Expected about \d+ MiB for a loop that lives long .* sample of at most \d+ points/s,
      );
      // With another plan there is room.
      await expect(persistence(cloud, { threads, plan: "stream", memoryLimit: 24 * 2 ** 20 })).rejects.toMatchObject({
        code: "MEMORY_LIMIT",
        hint: "Leave the plan to the engine: classes that live long want another.",
      });
    },
  );

  it.each([
    { name: "floats", data: ring(2600, 2), d: 2, options: {} },
    {
      name: "floats over Z/3, cut above the death",
      data: ring(2600, 3),
      d: 3,
      options: { modulus: 3, threshold: 1.9 },
    },
    {
      name: "bytes with ties",
      data: Uint8Array.from(ring(2600, 2), (x) => Math.round(127 + 40 * x)),
      d: 2,
      options: {},
    },
    { name: "sums of differences in float64", data: ring(2500, 2), d: 2, options: { metric: "manhattan" as const } },
  ])("go to the homology of lunes, without a matrix: $name", async ({ data, d, options }) => {
    const cloud = { data, shape: [data.length / d, d] as const };
    const found = await persistence(cloud, options);
    expect(found.plans[1]).toBe("lunes");
    const { diagrams, threshold } = dense(cloud, options, "lunes");
    expect(found.threshold).toBe(threshold);
    expect(pairs(found)).toEqual(diagrams);
    const longest = Math.max(...diagrams[1]!.map(([birth, death]) => death! - birth!));
    expect(longest).toBeGreaterThan(data instanceof Uint8Array ? 40 : 1);
    // A matrix alone would take 4 n² bytes.
    expect(found.memory).toBeLessThan(4 * (data.length / d) ** 2);
  });
});
