/** Numbers that sum up a diagram, and what no diagram can exceed. */
import { ConfigError, expected } from "../errors.js";
import { checkDiagram, checkDiagrams, type Diagram, forEachInterval } from "./diagram.js";

/**
 * Total persistence Σ (death - birth)^power over the finite intervals.
 * @throws InputError for what is no diagram, ConfigError for a power that is not a positive number
 */
export function totalPersistence(diagram: Diagram, power = 1): number {
  if (!(typeof power === "number" && power > 0 && Number.isFinite(power)))
    throw new ConfigError(expected("a positive number", "power", power), { hint: "Use 1 for the sum of lengths." });
  return finiteLengths(diagram).reduce((sum, length) => sum + length ** power, 0);
}

/**
 * Persistence entropy -Σ (l/Λ) ln(l/Λ) over the lengths l of the finite intervals, Λ their sum: 0 for one interval, ln m
 * for m of equal length, 0 for none. In nats.
 * @throws InputError for what is no diagram
 */
export function persistenceEntropy(diagram: Diagram): number {
  const lengths = finiteLengths(diagram);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const entropy = -lengths.reduce((sum, length) => sum + (length / total) * Math.log(length / total), 0);
  // No intervals and one interval give -0.
  return entropy === 0 ? 0 : entropy;
}

function finiteLengths(diagram: Diagram): number[] {
  checkDiagram(diagram);
  const lengths: number[] = [];
  forEachInterval(diagram, (birth, death) => {
    if (death < Infinity) lengths.push(death - birth);
  });
  return lengths;
}

/**
 * The largest k-th Betti number any complex on n vertices can have, C(n-1, k+1): that of the k-skeleton of a simplex. In
 * dimension 0 that of n isolated vertices, n.
 * @throws ConfigError for numbers that are not integers of at least 0 (n: 1)
 */
export function bettiCap(n: number, dimension: number): bigint {
  checkSizes(n, dimension);
  if (dimension === 0) return BigInt(n);
  let result = 1n;
  for (let i = 0n; i <= BigInt(dimension); i++) result = (result * (BigInt(n) - 1n - i)) / (i + 1n);
  return result > 0n ? result : 0n;
}

/**
 * The k-th Betti number of the join of k + 1 discrete sets of as equal sizes as n vertices allow, Π (size - 1): what a
 * Vietoris–Rips complex of n points at one scale can have. That it is the maximum is recalled, not verified here; it is
 * no cap on the number of intervals, of which a filtration can have more. In dimension 0 it is n.
 * @throws ConfigError for numbers that are not integers of at least 0 (n: 1)
 */
export function flagBettiCap(n: number, dimension: number): bigint {
  checkSizes(n, dimension);
  if (dimension === 0) return BigInt(n);
  const parts = dimension + 1;
  let result = 1n;
  for (let i = 0; i < parts; i++) result *= BigInt(Math.max(0, Math.floor((n + i) / parts) - 1));
  return result;
}

function checkSizes(n: number, dimension: number): void {
  if (!Number.isSafeInteger(n) || n < 1)
    throw new ConfigError(expected("an integer of at least 1", "n", n), { hint: "Pass the number of points." });
  if (!Number.isSafeInteger(dimension) || dimension < 0)
    throw new ConfigError(expected("an integer of at least 0", "dimension", dimension), { hint: "Use 1 for loops." });
}

/**
 * The dimensions whose classes cannot belong to a compact set in the space the points lie in: by Alexander duality a
 * compact subset of R^d has no homology in dimension d and above, though a Rips complex of its points may (six points
 * of a hexagon make a sphere).
 * @param ambientDimension number d of coordinates
 * @throws InputError for what are no diagrams, ConfigError for a bad dimension
 */
export function artefactDimensions(diagrams: readonly Diagram[], ambientDimension: number): number[] {
  checkDiagrams(diagrams);
  if (!(ambientDimension === Infinity || (Number.isSafeInteger(ambientDimension) && ambientDimension >= 0)))
    throw new ConfigError(expected("an integer of at least 0", "ambientDimension", ambientDimension), {
      hint: "Pass the number of coordinates.",
    });
  return diagrams.map(({ dimension }) => dimension).filter((dimension) => dimension >= ambientDimension);
}
