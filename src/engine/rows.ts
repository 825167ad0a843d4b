/** Points in WebAssembly memory, as the kernels read them. */
import { expected, MemoryLimitError } from "../errors.js";
import type { Kernels } from "./abi.js";
import type { MatrixSource, PointsSource } from "./engine.js";
import { megabytes } from "./estimate.js";

/** Bytes of a row of a source, padded to 16; 0 for a matrix. */
export function rowBytesOf(source: PointsSource | MatrixSource): number {
  if (source.kind === "matrix") return 0;
  const size = source.arithmetic === "i16" ? 2 : source.arithmetic === "f32" ? 4 : 8;
  return Math.ceil((source.d * size) / 16) * 16;
}

/** A block of WebAssembly memory. Addresses above 2 GiB arrive as negative numbers. */
export function block(kernels: Kernels, bytes: number): number {
  const ptr = kernels.allocate(bytes) >>> 0;
  if (ptr === 0)
    throw new MemoryLimitError(expected(`${megabytes(bytes)} more`, "memory", "none"), {
      hint: "Raise the memory limit, or take a sample of the points.",
    });
  return ptr;
}

/** Copies points into WebAssembly memory, every row padded with zeros, with room for `spare` more rows. O(n d). */
export function placeRows(
  kernels: Kernels,
  source: PointsSource,
  spare = 0,
): { readonly rowsPtr: number; readonly rowBytes: number } {
  const { data, n, d } = source;
  const rowBytes = rowBytesOf(source);
  const rowsPtr = block(kernels, (n + spare) * rowBytes);
  const { buffer } = kernels.memory;
  const rows =
    source.arithmetic === "i16"
      ? new Int16Array(buffer, rowsPtr, (n * rowBytes) / 2)
      : source.arithmetic === "f32"
        ? new Float32Array(buffer, rowsPtr, (n * rowBytes) / 4)
        : new Float64Array(buffer, rowsPtr, (n * rowBytes) / 8);
  const rowLength = rows.length / n;
  for (let i = 0; i < n; i++) {
    rows.set(data.subarray(i * d, (i + 1) * d), i * rowLength);
    rows.fill(0, i * rowLength + d, (i + 1) * rowLength);
  }
  return { rowsPtr, rowBytes };
}
