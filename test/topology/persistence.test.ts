import { describe, expect, it } from "vitest";
import { planNames } from "../../src/engine/engine.js";
import { Random } from "../../src/random.js";
import { persistence } from "../../src/topology/persistence.js";
import { referenceEnclosingRadius, referencePersistence } from "../reference/persistence.js";
import { pairs, referencePairs } from "../support/diagrams.js";

/** A random symmetric matrix, full of ties: integer values 0..5, now and then a missing edge. */
function randomMatrix(random: Random, n: number, missing: boolean): Float32Array {
  const matrix = new Float32Array(n * n);
  const kinds = 1 + random.integer(6);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const value = missing && random.integer(4) === 0 ? Infinity : random.integer(kinds) + (random.integer(5) ? 1 : 0);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  return matrix;
}

describe.each(["release", "debug"] as const)("persistence against the textbook reduction (%s)", (variant) => {
  it("gives the same intervals on random matrices full of ties, over several fields and thresholds", async () => {
    const random = new Random(11, variant);
    for (let round = 0; round < 3000; round++) {
      const n = 1 + random.integer(10);
      const maxDim = random.integer(4);
      const plan = planNames[random.integer(planNames.length)]!;
      const modulus = [2, 3, 5, 7, 251, 65521][random.integer(6)]!;
      const missing = random.integer(2) === 0;
      const distances = randomMatrix(random, n, missing);
      const cut = missing || random.integer(2) === 0 ? random.integer(6) : undefined;
      const threshold = cut ?? referenceEnclosingRadius(distances, n);
      const zeroLength = random.integer(3) === 0;
      // The inverse by trial of the reference is slow for the largest prime; any prime larger than n gives Q's Betti
      // numbers on so few points, so 251 stands in for it.
      const reference = referencePersistence(distances, n, {
        maxDim,
        threshold: Math.min(threshold, referenceEnclosingRadius(distances, n)),
        modulus: Math.min(modulus, 251),
        zeroLength,
      });
      const found = await persistence(
        { distances, n },
        { maxDim, modulus, zeroLength, plan, variant, ...(cut === undefined ? {} : { threshold: cut }) },
      );
      expect(pairs(found), `round ${round}: n ${n}, maxDim ${maxDim}, p ${modulus}, cut ${cut}, plan ${plan}`).toEqual(
        referencePairs(reference),
      );
    }
  });

  it("gives the same intervals on points: generic, on a grid, collinear and with duplicates", async () => {
    const random = new Random(12, variant);
    for (let round = 0; round < 120; round++) {
      const n = 2 + random.integer(12);
      const d = 1 + random.integer(3);
      const grid = random.integer(2) === 0;
      const points = Array.from({ length: n }, () =>
        Array.from({ length: d }, () => (grid ? random.integer(3) : random.normal())),
      );
      for (let copies = random.integer(3); copies > 0; copies--) points.push([...points[random.integer(n)]!]);
      const matrix = new Float32Array(points.length ** 2);
      points.forEach((a, i) => {
        points.forEach((b, j) => {
          matrix[i * points.length + j] = Math.sqrt(a.reduce((sum, x, k) => sum + (x - b[k]!) ** 2, 0));
        });
      });
      const threshold = referenceEnclosingRadius(matrix, points.length);
      const reference = referencePersistence(matrix, points.length, { maxDim: 2, threshold, modulus: 2 });
      expect(pairs(await persistence(points, { maxDim: 2, variant }))).toEqual(referencePairs(reference));
    }
  });
});

describe("plans", () => {
  const random = new Random(13);
  const ring = (n: number, noise: number, d: number) =>
    Array.from({ length: n }, () => {
      const angle = 2 * Math.PI * random.uniform();
      return Array.from(
        { length: d },
        (_, k) => (k === 0 ? Math.cos(angle) : k === 1 ? Math.sin(angle) : 0) + noise * random.normal(),
      );
    });
  const grid = Array.from({ length: 144 }, (_, i) => [i % 12, Math.floor(i / 12)]);
  const inputs = [
    { name: "a ring with one long class", points: ring(260, 0.05, 2), modulus: 2 },
    { name: "a noisy ring in eight dimensions", points: ring(200, 0.15, 8), modulus: 3 },
    { name: "a Gaussian cloud", points: ring(220, 1, 5), modulus: 2 },
    { name: "a grid, nothing but ties", points: grid, modulus: 5 },
    { name: "a grid and every point twice", points: [...grid, ...grid], modulus: 2 },
  ];

  it.each(inputs)("all find the same intervals: $name", async ({ points, modulus }) => {
    const truth = pairs(await persistence(points, { plan: "simplices", modulus }));
    for (const plan of planNames) {
      expect(pairs(await persistence(points, { plan, modulus })), plan).toEqual(truth);
      const threshold = 0.7;
      expect(pairs(await persistence(points, { plan, modulus, threshold })), `${plan}, cut`).toEqual(
        pairs(await persistence(points, { plan: "simplices", modulus, threshold })),
      );
    }
  });

  it.each(inputs)("all find the same voids: $name", async ({ points, modulus }) => {
    const fewer = points.slice(0, 120);
    const truth = pairs(await persistence(fewer, { plan: "simplices", modulus, maxDim: 2 }));
    for (const threshold of [undefined, 0.8]) {
      const options = { modulus, maxDim: 2, ...(threshold === undefined ? {} : { threshold }) };
      const expected =
        threshold === undefined ? truth : pairs(await persistence(fewer, { ...options, plan: "simplices" }));
      for (const plan of ["flag", "lunes"] as const) {
        const found = await persistence(fewer, { ...options, plan });
        expect(found.plans).toEqual([plan, plan, plan]);
        expect(pairs(found)).toEqual(expected);
      }
    }
  });

  // Many voids that die by others: a wrong sign anywhere shows.
  it.each([3, 65521])("all find the same voids of a flat 3-torus and of random lengths over Z/%i", async (modulus) => {
    const draws = new Random(31, "voids");
    const torus = Array.from({ length: 80 }, () =>
      [0, 1, 2].flatMap(() => {
        const angle = 2 * Math.PI * draws.uniform();
        return [Math.cos(angle), Math.sin(angle)];
      }),
    );
    const n = 36;
    const distances = new Float32Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) distances[i * n + j] = distances[j * n + i] = draws.uniform();
    for (const input of [torus, { distances, n }]) {
      const truth = pairs(await persistence(input, { plan: "simplices", modulus, maxDim: 2 }));
      expect(truth[2]!.length).toBeGreaterThan(10);
      for (const plan of ["flag", "lunes"] as const)
        expect(pairs(await persistence(input, { plan, modulus, maxDim: 2 }))).toEqual(truth);
    }
  });

  it.each(inputs)("all find the same classes of dimension 3: $name", async ({ points, modulus }) => {
    const fewer = points.slice(0, 36);
    for (const threshold of [undefined, 0.9]) {
      const options = { modulus, maxDim: 3, ...(threshold === undefined ? {} : { threshold }) };
      const truth = pairs(await persistence(fewer, { ...options, plan: "simplices" }));
      expect(pairs(await persistence(fewer, { ...options, plan: "collapse" }))).toEqual(truth);
      expect(pairs(await persistence(fewer, options))).toEqual(truth);
    }
  });

  const sphere = (n: number) =>
    Array.from({ length: n }, (_, i) => {
      const height = 1 - (2 * i + 1) / n;
      const radius = Math.sqrt(1 - height * height);
      const turn = i * Math.PI * (3 - Math.sqrt(5));
      return [radius * Math.cos(turn), radius * Math.sin(turn), height];
    });

  it("are carried out as asked, and lunes take over where a class lives long", async () => {
    const { points } = inputs[0]!;
    for (const plan of ["simplices", "lazy", "lunes", "flag"] as const)
      expect((await persistence(points, { plan })).plans[1]).toBe(plan);
    expect((await persistence(points)).plans[1]).toBe("lunes");
    expect((await persistence(inputs[2]!.points)).plans[1]).toBe("lazy");
    expect((await persistence(grid, { maxDim: 2 })).plans).toEqual(["flag", "flag", "flag"]);
    // A void that lives long; cohomology alone takes a hundred times as long and 80 MiB here.
    const ball = await persistence(sphere(200), { maxDim: 2 });
    expect(ball.plans).toEqual(["lunes", "lunes", "lunes"]);
    expect(ball.diagrams[2]!.births.length).toBe(1);
    expect(ball.memory).toBeLessThan(8 * 2 ** 20);
    expect((await persistence(grid.slice(0, 30), { maxDim: 3 })).plans[1]).toBe("collapse");
  });
});

describe("known spaces", () => {
  const circle = (n: number) =>
    Array.from({ length: n }, (_, i) => [Math.cos((2 * Math.PI * i) / n), Math.sin((2 * Math.PI * i) / n)]);

  it.each([4, 5, 6, 7, 8, 9, 12, 30, 61])(
    "a regular %i-gon has one loop, from its side to its exact death",
    async (n) => {
      const { diagrams } = await persistence(circle(n), { maxDim: 1 });
      const side = 2 * Math.sin(Math.PI / n);
      // The loop dies when three vertices a third of the way round (rounded up) see each other
      // (Adamaszek and Adams 2017: Rips complexes of evenly spaced points).
      const death = 2 * Math.sin((Math.PI * Math.ceil(n / 3)) / n);
      expect(Array.from(diagrams[1]!.births)).toEqual([expect.closeTo(side, 5)]);
      expect(Array.from(diagrams[1]!.deaths)).toEqual([expect.closeTo(death, 5)]);
      expect(diagrams[0]!.deaths.filter((x) => x === Infinity).length).toBe(1);
    },
  );

  it.each([1, 2, 3])("the cross-polytope of dimension %i is a sphere until its diagonals enter", async (k) => {
    const points = Array.from({ length: 2 * (k + 1) }, (_, i) =>
      Array.from({ length: k + 1 }, (__, j) => (j === i >> 1 ? (i & 1 ? -1 : 1) : 0)),
    );
    const { diagrams } = await persistence(points, { maxDim: k });
    for (let dim = 1; dim < k; dim++) expect(diagrams[dim]!.births.length).toBe(0);
    expect(pairs({ diagrams })[k]).toEqual([[Math.fround(Math.SQRT2), 2]]);
  });

  it("the projective plane has a second homology class over Z/2 and none over Z/3", async () => {
    // The six-vertex triangulation, subdivided barycentrically so that it is a flag complex: distance 1 along its
    // edges, 2 elsewhere; the value 1.5 cuts in between.
    const triangles = ["012", "023", "034", "045", "051", "124", "235", "341", "452", "513"];
    const faces = new Set<string>();
    for (const triangle of triangles) {
      const [a, b, c] = [...triangle].sort() as [string, string, string];
      for (const face of [a, b, c, a + b, a + c, b + c, a + b + c]) faces.add(face);
    }
    const names = [...faces];
    expect(names.length).toBe(6 + 15 + 10);
    const within = (a: string, b: string) => [...a].every((v) => b.includes(v));
    const distances = new Float32Array(names.length ** 2);
    names.forEach((a, i) => {
      names.forEach((b, j) => {
        distances[i * names.length + j] = i === j ? 0 : within(a, b) || within(b, a) ? 1 : 2;
      });
    });
    // Its suspension: two more points, joined to all others but not to each other. Torsion moves up by one.
    const n = names.length;
    const suspended = Float32Array.from({ length: (n + 2) ** 2 }, (_, at) => {
      const [i, j] = [Math.floor(at / (n + 2)), at % (n + 2)];
      if (i < n && j < n) return distances[i * n + j]!;
      return i === j ? 0 : i >= n && j >= n ? 2 : 1;
    });
    for (const plan of ["automatic", "flag", "lunes", "simplices"] as const) {
      const essential = async (input: { distances: Float32Array; n: number }, modulus: number) => {
        const { diagrams } = await persistence(input, { maxDim: 2, modulus, threshold: 1.5, plan });
        return diagrams.map(({ deaths }) => deaths.filter((death) => death === Infinity).length);
      };
      expect(await essential({ distances, n }, 2)).toEqual([1, 1, 1]);
      expect(await essential({ distances, n }, 3)).toEqual([1, 0, 0]);
      expect(await essential({ distances: suspended, n: n + 2 }, 2)).toEqual([1, 0, 1]);
      expect(await essential({ distances: suspended, n: n + 2 }, 3)).toEqual([1, 0, 0]);
      expect(await essential({ distances: suspended, n: n + 2 }, 65521)).toEqual([1, 0, 0]);
    }
  });

  it.each([
    [[[3, 4]], [[[0, Infinity]], []]],
    [
      [
        [0, 0],
        [3, 4],
      ],
      [
        [
          [0, 5],
          [0, Infinity],
        ],
        [],
      ],
    ],
  ] as const)("few points: %j", async (points, intervals) => {
    expect(pairs(await persistence(points))).toEqual(intervals);
  });

  it("equal points are one component, and their zero-length intervals appear on request", async () => {
    const points = Array.from({ length: 5 }, () => [1, 2]);
    expect(pairs(await persistence(points))).toEqual([[[0, Infinity]], []]);
    expect(pairs(await persistence(points, { zeroLength: true }))[0]).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
      [0, Infinity],
    ]);
  });
});

describe("options", () => {
  const square = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];

  it("cuts at the threshold inclusively, after rounding to float32", async () => {
    expect(pairs(await persistence(square, { threshold: Math.SQRT2 }))[1]).toEqual([[1, Math.fround(Math.SQRT2)]]);
    expect(pairs(await persistence(square, { threshold: 1.4 }))[1]).toEqual([[1, Infinity]]);
    expect(pairs(await persistence(square, { threshold: 0.9 }))).toEqual([Array(4).fill([0, Infinity]), []]);
    expect(pairs(await persistence(square, { threshold: Infinity }))[1]).toEqual([[1, Math.fround(Math.SQRT2)]]);
  });

  it("squares only under the metric sqeuclidean", async () => {
    expect(pairs(await persistence(square, { metric: "sqeuclidean" }))[1]).toEqual([[1, 2]]);
  });

  it("reads bytes exactly and scales them", async () => {
    const data = Uint8Array.from(square.flat(), (x) => x * 255);
    const result = await persistence({ data, shape: [4, 2], scale: 1 / 255 });
    expect(result.distances).toBe("i16");
    expect(pairs(result)[1]).toEqual([[1, Math.fround(Math.SQRT2)]]);
  });

  it("loses nothing far from the origin", async () => {
    const far = square.map((point) => point.map((x) => x + 2 ** 45));
    expect(pairs(await persistence(far))).toEqual(pairs(await persistence(square)));
  });

  it.each([0.5, 2 ** 31, 1e300, Infinity])("takes %d ms for a time-out", async (timeout) => {
    const ended = await persistence([[0, 0]], { timeout }).catch((error: Error) => error);
    if (timeout > 1) expect(ended).toMatchObject({ n: 1 });
    else expect(ended).not.toMatchObject({ name: "RangeError" });
  });

  it.each([
    [{ maxDim: -1 }, /maxDim, got -1/],
    [{ maxDim: 0.5 }, /maxDim, got 0.5/],
    [{ maxDim: 2 ** 40 }, /an integer from 0 to 1000 for maxDim, got 1099511627776/],
    [{ timeout: Number.NaN }, /timeout, got NaN/],
    [{ timeout: -1 }, /timeout, got -1/],
    [{ modulus: 4 }, /a prime from 2 to 65521 for modulus, got 4/],
    [{ modulus: 65537 }, /modulus, got 65537/],
    [{ threshold: -1 }, /threshold, got -1/],
    [{ threshold: Number.NaN }, /threshold, got NaN/],
    [{ metric: "cosmic" as never }, /metric, got "cosmic"/],
    [{ plan: "guess" as never }, /plan, got "guess"/],
    [{ memoryLimit: 100 }, /at least/],
  ])("refuses %j", async (options, message) => {
    await expect(persistence(square, options)).rejects.toThrow(message);
  });

  it.each([
    [[], /at least one point/],
    [[[1, 2], [3]], /2 coordinates as in point 0 for point 1, got 1/],
    [[[1, Number.NaN]], /finite number for coordinate 1 of point 0, got NaN/],
    [{ distances: Float32Array.of(0, 1, 2, 0), n: 2 }, /same distance both ways/],
    [{ distances: Float32Array.of(1, 2), n: 3 }, /9 or 3 distances for 3 points/],
    [{ distances: Float32Array.of(-1), n: 2 }, /distance of at least 0 for row 1, column 0, got -1/],
    [{ data: new Float32Array(3), shape: [2, 2] as const }, /2 × 2 = 4 numbers/],
  ])("refuses the input %j", async (input, message) => {
    await expect(persistence(input as never)).rejects.toThrow(message);
  });

  it("refuses simplex indices beyond 63 bits before any work, and names the largest n", async () => {
    const points = { data: new Float32Array(400), shape: [400, 1] as const };
    await expect(persistence(points, { maxDim: 10 })).rejects.toThrow(/at most \d+ points with maxDim 10/);
  });

  it("stops on a signal and on a time-out, and gives the same result in a thread", async () => {
    const random = new Random(5);
    const points = Array.from({ length: 300 }, () => [random.normal(), random.normal(), random.normal()]);
    const inline = await persistence(points);
    const threaded = await persistence(points, { signal: new AbortController().signal });
    expect(threaded).toEqual(inline);
    await expect(persistence(points, { signal: AbortSignal.abort() })).rejects.toThrow("Cancelled");
    const slow = persistence(points, { maxDim: 3, plan: "simplices", timeout: 100 });
    await expect(slow).rejects.toThrow(/within 100 ms/);
    const controller = new AbortController();
    const cancelled = persistence(points, { maxDim: 3, plan: "simplices", signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(cancelled).rejects.toThrow("Cancelled");
    await expect(persistence([[Number.NaN]], { timeout: 1000 })).rejects.toThrow(/finite/);
  });
});
