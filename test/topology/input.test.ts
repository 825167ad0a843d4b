/** What persistence and its like take: read once, at once, and never taken for what it is not. */
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { EnginePool } from "../../src/engine/pool.js";
import { medianPairwiseDistance } from "../../src/topology/curves.js";
import { pairwiseDistances } from "../../src/topology/distance-matrix.js";
import { forecast } from "../../src/topology/forecast.js";
import { landmarkReplicates } from "../../src/topology/landmark-bounds.js";
import { selectLandmarks, takePoints } from "../../src/topology/landmarks.js";
import { type PersistenceOptions, persistence } from "../../src/topology/persistence.js";
import { persistenceMany } from "../../src/topology/persistence-many.js";
import type { DistanceMatrix, Metric, PersistenceInput, PointCloud } from "../../src/topology/point-cloud.js";
import { readoutContext } from "../../src/topology/readout-context.js";
import { sparseRips } from "../../src/topology/sparse-rips.js";

/** The corners of a unit square: four components, one loop from 1 to √2. */
const corners = [0, 0, 1, 0, 1, 1, 0, 1];
const square = (): PointCloud & { data: Float32Array } => ({ data: Float32Array.from(corners), shape: [4, 2] });
const pairs = async (input: PersistenceInput, options?: PersistenceOptions) =>
  JSON.parse(JSON.stringify((await persistence(input, options)).diagrams));
const root2 = Number(Math.fround(Math.SQRT2).toPrecision(8));
const ofSquare = [
  [
    [0, 1],
    [0, 1],
    [0, 1],
    [0, null],
  ],
  [[1, root2]],
];

describe("typed arrays", () => {
  const ways: [string, PersistenceOptions][] = [
    ["inline", {}],
    ["threads", { threads: 2 }],
    ["a time-out", { timeout: 60_000 }],
    ["a signal", { signal: new AbortController().signal }],
    ["landmarks", { landmarks: { count: 4 } }],
    ["stream", { plan: "stream" }],
    ["another metric", { metric: "chebyshev" }],
  ];
  it.each(ways)("are read before the call returns: %s", async (_, options) => {
    const before = await pairs(square(), options);
    const input = square();
    const result = pairs(input, options);
    input.data.fill(0);
    expect(await result).toEqual(before);
    const bad = square();
    const late = pairs(bad, options);
    bad.data.fill(Number.NaN);
    expect(await late).toEqual(before);
  });

  it("are read before the call returns: a pool, a matrix, many, and every other call that takes them", async () => {
    const pool = new EnginePool(1);
    const calls: ((input: PersistenceInput) => Promise<unknown>)[] = [
      (input) => pairs(input, { pool }),
      (input) => pairs(input, { pool, threads: 2 }),
      (input) => selectLandmarks(input, { count: 3 }),
      (input) => landmarkReplicates(input, { landmarks: { count: 3 }, replicates: 2, readouts: ["count"] }),
      (input) => sparseRips(input, 0.5),
      async (input) => (await readoutContext(input)).distances,
      (input) => medianPairwiseDistance(input),
      async (input) => (await forecast(input)).n,
    ];
    const { distances } = await pairwiseDistances(square());
    for (const call of [...calls, (input: PersistenceInput) => pairwiseDistances(input as PointCloud)]) {
      const before = await call(square());
      const input = square();
      const result = call(input);
      input.data.fill(0);
      expect(await result).toEqual(before);
    }
    for (const call of calls) {
      const before = await call({ distances: distances.slice(), n: 4 });
      const input: DistanceMatrix = { distances: distances.slice(), n: 4 };
      const result = call(input);
      input.distances.fill(0);
      expect(await result).toEqual(before);
    }
    await pool.close();
    // One buffer for all frames.
    const frame = square();
    const frames = function* () {
      for (const scale of [1, 2, 3]) {
        frame.data.set(corners.map((x) => scale * x));
        yield frame;
      }
    };
    for (const options of [{ threads: 1 }, { threads: 2 }]) {
      const births: number[] = [];
      for await (const { diagrams } of persistenceMany(frames(), options)) births.push(diagrams[1]!.births[0]!);
      expect(births).toEqual([1, 2, 3]);
    }
  });

  it("are left as they were, and not shared with the result", async () => {
    const input = square();
    const { diagrams } = await persistence(input, { threads: 2 });
    diagrams[1]!.births.fill(7);
    expect(Array.from(input.data)).toEqual(corners);
    const part = takePoints(input, [0, 1]) as PointCloud;
    part.data.fill(7);
    expect(Array.from(input.data)).toEqual(corners);
  });

  it("may be views, shared, subclassed, Buffers or from another realm", async () => {
    const wide = new Float32Array(20);
    wide.set(corners, 3);
    const shared = new Float32Array(new SharedArrayBuffer(32));
    shared.set(corners);
    class Mine extends Float64Array {}
    const foreign = runInNewContext("Float64Array.from(corners)", { corners });
    for (const data of [wide.subarray(3, 11), shared, Mine.from(corners), Buffer.from(corners), foreign])
      for (const options of [{}, { threads: 2 }] satisfies PersistenceOptions[])
        expect(await pairs({ data, shape: [4, 2] }, options)).toEqual(ofSquare);
    // A view that does not begin at a multiple of eight bytes.
    const bytes = Buffer.from([9, ...corners]).subarray(1);
    expect(await pairs({ data: bytes, shape: [4, 2] }, { metric: "manhattan" })).toEqual([ofSquare[0], [[1, 2]]]);
  });

  it("of other kinds are refused, with what to pass", async () => {
    const refused: [unknown, RegExp][] = [
      [Int16Array.from(corners), /Int16Array.*Pass Float64Array\.from\(data\)/],
      [BigInt64Array.from(corners.map(BigInt)), /BigInt64Array.*Float64Array\.from\(data, Number\)/],
      [Uint8ClampedArray.from(corners), /Pass new Uint8Array\(data\)/],
      [new DataView(new ArrayBuffer(8)), /for data/],
      [new ArrayBuffer(32), /for data/],
      [corners, /Pass Float64Array\.from\(data\)/],
      [null, /for data, got null/],
      ["00", /for data/],
    ];
    for (const [data, message] of refused)
      await expect(persistence({ data, shape: [4, 2] } as never)).rejects.toThrow(message);
    const gone = square();
    structuredClone(gone.data.buffer, { transfer: [gone.data.buffer as ArrayBuffer] });
    await expect(persistence(gone)).rejects.toThrow("was it transferred to a thread?");
  });
});

describe("rows and shapes", () => {
  it("are refused where they are not what they should be", async () => {
    const bad: [unknown, RegExp][] = [
      [[["1", "2"]], /coordinate 0 of point 0, got "1"\. Convert it: Number\(value\)/],
      [[[1n]], /coordinate 0 of point 0, got 1/],
      [[[0, null]], /a finite number for coordinate 1 of point 0, got null/],
      [[[0, Number.NaN]], /coordinate 1 of point 0, got NaN/],
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried here
      [[[0, 1], , [1, 1]], /coordinates as in point 0 for point 1, got undefined/],
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried here
      [[[0, , 1]], /coordinate 1 of point 0, got undefined/],
      [[0, 1, 2], /rows of numbers/],
      [[], /at least one point/],
      [[[]], /at least one coordinate/],
      [{ data: new Float32Array(8), shape: [4, 2, 1] }, /\[n, d\] for shape/],
      [{ data: new Float32Array(8), shape: Int32Array.of(4, 2) }, /\[n, d\] for shape/],
      [{ data: new Float32Array(8), shape: [4, 3] }, /4 × 3 = 12 numbers for data, got 8/],
      [{ data: new Float32Array(8), shape: ["4", 2] }, /at least one point/],
      [{ data: new Float32Array(8), shape: [4, 2], scael: 2 }, /Write scale/],
      [{ data: new Float32Array(8), shape: [4, 2], distances: new Float32Array(16), n: 4 }, /points or distances/],
      [{ distances: [0, 1, 1, 0], n: 2 }, /Pass Float64Array\.from\(distances\)/],
      [{ distances: new Float32Array(5), n: 3 }, /9 or 3 distances for 3 points/],
      [{ n: 3 }, /points/],
      [null, /points or distances/],
      ["cloud.csv", /points or distances/],
    ];
    for (const [input, message] of bad) await expect(persistence(input as never)).rejects.toThrow(message);
  });

  it("know minus zero, denormals and one point", async () => {
    expect(await pairs([[-0], [0]])).toEqual([[[0, null]], []]);
    expect(await pairs([[5, 5]])).toEqual([[[0, null]], []]);
    // 1e-44 is a denormal float32, seven times the least.
    const tiny = Math.fround(1e-44);
    expect((await persistence({ data: Float32Array.of(0, tiny), shape: [2, 1] })).diagrams[0]!.deaths[0]).toBe(tiny);
  });
});

describe("a distance matrix given as points", () => {
  // Edge lengths of a path of three points.
  const path = [
    [0, 1, 2],
    [1, 0, 1],
    [2, 1, 0],
  ];

  it("is refused by every call, unless a metric says that these are points", async () => {
    const cloud: PointCloud = { data: Float64Array.from(path.flat()), shape: [3, 3] };
    const bytes: PointCloud = { data: Uint8Array.from(path.flat()), shape: [3, 3] };
    const calls = [
      (input: PersistenceInput, metric?: Metric) => persistence(input, { metric }),
      (input: PersistenceInput, metric?: Metric) => persistence(input, { metric, landmarks: { count: 2 } }),
      (input: PersistenceInput, metric?: Metric) => selectLandmarks(input, { count: 2, metric }),
      (input: PersistenceInput, metric?: Metric) => sparseRips(input, 0.5, { metric }),
      (input: PersistenceInput, metric?: Metric) => readoutContext(input, { metric }),
      (input: PersistenceInput, metric?: Metric) => medianPairwiseDistance(input, { metric }),
      (input: PersistenceInput, metric?: Metric) => forecast(input, { metric }),
      (input: PersistenceInput, metric?: Metric) =>
        landmarkReplicates(input, { metric, landmarks: { count: 2 }, replicates: 1, readouts: ["count"] }),
    ];
    for (const call of calls)
      for (const input of [path, cloud, bytes]) {
        await expect(call(input)).rejects.toThrow(
          /look like a distance matrix.*\{ distances, n \}.*metric: "euclidean"/,
        );
        await expect(call(input, "euclidean")).resolves.toBeDefined();
      }
    const distances = Float64Array.from(path.flat());
    expect((await pairs({ distances, n: 3 }))[0]).toEqual([
      [0, 1],
      [0, 1],
      [0, null],
    ]);
    // As points their distances are √3, √3 and √8: another diagram.
    const asPoints = await persistence(path, { metric: "euclidean" });
    expect(Array.from(asPoints.diagrams[0]!.deaths)).toEqual([
      Math.fround(Math.sqrt(3)),
      Math.fround(Math.sqrt(3)),
      Infinity,
    ]);
  });

  it("is not seen where points are meant", async () => {
    const points = [
      [[0]],
      [
        [0, 1],
        [1, 0],
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      [
        [0, 1, -2],
        [1, 0, 1],
        [-2, 1, 0],
      ],
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      [
        [0, 1, 2],
        [1, 0, 1],
        [2, 3, 0],
      ],
    ];
    for (const rows of points) await expect(persistence(rows)).resolves.toBeDefined();
  });
});

describe("numbers beyond float32", () => {
  it("are refused in a matrix, where Infinity means never joined", async () => {
    for (const distances of [Float64Array.of(1e39), Float64Array.of(0, 3.5e38, 3.5e38, 0)])
      for (const call of [persistence, (input: DistanceMatrix) => selectLandmarks(input, { count: 1 }), readoutContext])
        await expect(call({ distances, n: 2 })).rejects.toThrow("the largest float32");
    expect(await pairs({ distances: Float64Array.of(Infinity), n: 2 })).toEqual([
      [
        [0, null],
        [0, null],
      ],
      [],
    ]);
  });

  it("are refused as distances of points", async () => {
    const far = [[0], [1e39]];
    const calls = [
      () => persistence(far),
      () => persistence(far, { plan: "stream" }),
      () => persistence(far, { metric: "manhattan" }),
      () => pairwiseDistances(far),
      () => selectLandmarks(far, { count: 1 }),
      () => sparseRips(far, 0.5),
      () => readoutContext(far),
      () => persistence({ data: Uint8Array.of(0, 1), shape: [2, 1], scale: 1e39 }),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow("the largest float32");
  });
});

describe("scale", () => {
  const floats = Float64Array.of(0, 0, 3, 4, -1, 7);
  const clouds: [string, PointCloud["data"]][] = [
    ["bytes", Uint8Array.of(0, 0, 3, 4, 1, 7)],
    ["float32", Float32Array.from(floats)],
    ["float64", floats],
  ];
  const measures: Record<Metric, (x: number, y: number) => number> = {
    euclidean: (x, y) => Math.sqrt(x * x + y * y),
    sqeuclidean: (x, y) => x * x + y * y,
    manhattan: (x, y) => Math.abs(x) + Math.abs(y),
    chebyshev: (x, y) => Math.max(Math.abs(x), Math.abs(y)),
    cosine: () => Number.NaN,
  };

  it.each(clouds)("multiplies coordinates before they are measured: %s", async (_, data) => {
    for (const [metric, measure] of Object.entries(measures))
      for (const scale of [0.5, 3, 1 / 255]) {
        if (metric === "cosine") continue;
        const { distances } = await pairwiseDistances({ data, shape: [3, 2], scale }, { metric: metric as Metric });
        for (const [i, j] of [
          [0, 1],
          [0, 2],
          [1, 2],
        ] as const) {
          const [x, y] = [0, 1].map((k) => scale * (data[2 * i + k]! - data[2 * j + k]!)) as [number, number];
          expect(Math.abs(distances[3 * i + j]! / measure(x, y) - 1)).toBeLessThan(1e-7);
        }
        for (const plan of ["stream", "simplices", "lazy"] as const) {
          const options = { metric: metric as Metric, plan };
          const scaled = await pairs({ data, shape: [3, 2], scale }, options);
          const before = Float64Array.from(data, (value) => value * scale);
          const deaths = (await pairs({ data: before, shape: [3, 2] }, options))[0].map((pair: number[]) => pair[1]);
          scaled[0].forEach((pair: number[], i: number) => {
            if (deaths[i] === null) expect(pair[1]).toBeNull();
            else expect(Math.abs(pair[1]! / deaths[i]! - 1)).toBeLessThan(1e-6);
          });
        }
      }
  });

  it("does not turn a cosine", async () => {
    const cloud = { data: Float64Array.of(1, 0, 1, 1), shape: [2, 2] as const };
    const options = { metric: "cosine" } as const;
    const plain = (await pairwiseDistances(cloud, options)).distances;
    for (const scale of [1e-300, 1 / 255, 1e300])
      expect((await pairwiseDistances({ ...cloud, scale }, options)).distances).toEqual(plain);
  });

  it("carries coordinates whose squares would overflow or vanish", async () => {
    for (const [size, scale] of [
      [1e200, 1e-200],
      [1e-200, 1e200],
      [1e-310, 1e305],
      [1e308, 1e-307],
    ] as const) {
      const cloud: PointCloud = { data: Float64Array.of(0, 0.3 * size, 0.4 * size), shape: [3, 1], scale };
      const { distances } = await pairwiseDistances(cloud);
      expect(Math.abs(distances[1]! / (0.3 * size * scale) - 1)).toBeLessThan(1e-6);
      const squares = (await pairwiseDistances(cloud, { metric: "sqeuclidean" })).distances;
      expect(Math.abs(squares[2]! / (0.4 * size * scale) ** 2 - 1)).toBeLessThan(1e-6);
    }
    // Duplicates stay at distance 0 whatever the scale.
    for (const scale of [1e-300, 1e300])
      for (const metric of ["euclidean", "sqeuclidean", "manhattan", "chebyshev"] as const)
        expect(await pairs({ data: Uint8Array.of(5, 5), shape: [2, 1], scale }, { metric })).toEqual([[[0, null]], []]);
  });

  it("is a positive number", async () => {
    for (const scale of [0, -1, Number.NaN, Infinity, "2", null])
      await expect(persistence({ ...square(), scale } as never)).rejects.toThrow("a positive number for scale");
    await expect(persistence({ ...square(), scale: undefined } as never)).resolves.toBeDefined();
  });
});
