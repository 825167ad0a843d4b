/**
 * Ranks of convolutions. A convolution is an affine map T with shared weights: sharing changes the number of parameters,
 * not degrees, so every theorem holds with W = T, n_l = number of outputs, r_l = rank T.
 *
 * Always r ≤ min(inputs, outputs) and r ≤ H' W' min(C_out, C_in k_h k_w) (one patch an output location). One channel,
 * stride 1, a kernel that is not zero: `full` padding has r = inputs (polynomials have no zero divisors), `valid` has
 * r = outputs (its transpose is full). Circular, stride 1: r = Σ over frequencies of the rank of the kernel's transform.
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { numberList } from "../shape.js";
import { numericRank } from "./numeric-rank.js";
import { requireInteger } from "./requirement.js";

/** A two-dimensional convolution. */
export interface Convolution {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Size of the input's planes. */
  readonly height: number;
  readonly width: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** @default 1 */
  readonly stride?: number;
  /** @default 1 */
  readonly dilation?: number;
  /** Zeros on every side, or a name. @default "valid" (none) */
  readonly padding?: number | "valid" | "full" | "circular";
}

/** Sizes and rank of a convolution's affine map. */
export interface ConvolutionRank {
  readonly inputs: number;
  readonly outputs: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  /** The rank, or a bound on it. */
  readonly rank: number;
  /** Whether `rank` is the rank of every kernel that is not zero. */
  readonly exact: boolean;
}

/** Rank of a convolution by its shape alone (short name: convRank). */
export function convolutionRank(convolution: Convolution): ConvolutionRank {
  checkFields(
    convolution,
    {
      inChannels: true,
      outChannels: true,
      height: true,
      width: true,
      kernelHeight: true,
      kernelWidth: true,
      stride: true,
      dilation: true,
      padding: true,
    } satisfies Known<typeof convolution>,
    "what convolutionRank is given",
  );
  const { inChannels, outChannels, height, width, kernelHeight, kernelWidth } = convolution;
  const { stride = 1, dilation = 1, padding = "valid" } = convolution;
  const sizes = { inChannels, outChannels, height, width, kernelHeight, kernelWidth, stride, dilation };
  for (const [name, size] of Object.entries(sizes)) requireInteger(size, name, 1);
  if (typeof padding === "number") requireInteger(padding, "padding", 0);
  const outputHeight = outputSize(height, kernelHeight, stride, dilation, padding);
  const outputWidth = outputSize(width, kernelWidth, stride, dilation, padding);
  if (outputHeight < 1 || outputWidth < 1) {
    throw new ConfigError(expected(`a kernel within ${height} × ${width}`, "kernel", [kernelHeight, kernelWidth]), {
      hint: "The convolution has no output; pad it or take a smaller kernel.",
    });
  }
  const inputs = inChannels * height * width;
  const outputs = outChannels * outputHeight * outputWidth;
  const patches = outputHeight * outputWidth * Math.min(outChannels, inChannels * kernelHeight * kernelWidth);
  const plain = inChannels === 1 && outChannels === 1 && stride === 1;
  const exact = plain && (padding === "full" || padding === "valid" || padding === 0);
  const rank = exact ? (padding === "full" ? inputs : outputs) : Math.min(inputs, outputs, patches);
  return { inputs, outputs, outputHeight, outputWidth, rank, exact };
}

/**
 * Numeric rank of a circular convolution with stride 1: the sum over all frequencies of the ranks of the kernel's
 * discrete Fourier transform. Cost O(H² W² C_out C_in) and a rank of 2C_out × 2C_in a frequency.
 * @param options.kernel C_out × C_in × kernelHeight × kernelWidth numbers, row by row
 * @returns the rank and the tolerance used, max(shape) · 2^-52 · the largest singular value of all
 */
export function circularConvolutionRank(
  options: Pick<Convolution, "inChannels" | "outChannels" | "height" | "width" | "kernelHeight" | "kernelWidth"> & {
    readonly kernel: ArrayLike<number>;
  },
): { readonly rank: number; readonly tolerance: number } {
  checkFields(
    options,
    {
      inChannels: true,
      outChannels: true,
      height: true,
      width: true,
      kernelHeight: true,
      kernelWidth: true,
      kernel: true,
    } satisfies Known<typeof options>,
    "what circularConvolutionRank is given",
  );
  numberList(options.kernel, "kernel");
  const { inChannels, outChannels, height, width, kernelHeight, kernelWidth, kernel } = options;
  const { kernel: _, ...convolution } = options;
  convolutionRank({ ...convolution, padding: "circular" }); // for its checks
  const entries = outChannels * inChannels * kernelHeight * kernelWidth;
  if (kernel.length !== entries) {
    throw new ConfigError(expected(`${entries} entries`, "kernel", kernel.length), {
      hint: "Give it as output channels × input channels × height × width.",
    });
  }
  const values: number[] = [];
  for (let u = 0; u < height; u++) {
    for (let v = 0; v < width; v++) {
      // A complex matrix A + iB as the real [[A, -B], [B, A]]: every singular value twice.
      const columns = 2 * inChannels;
      const data = new Float64Array(2 * outChannels * columns);
      for (let o = 0; o < outChannels; o++) {
        for (let c = 0; c < inChannels; c++) {
          let real = 0;
          let imaginary = 0;
          for (let y = 0; y < kernelHeight; y++) {
            for (let x = 0; x < kernelWidth; x++) {
              const weight = kernel[((o * inChannels + c) * kernelHeight + y) * kernelWidth + x]!;
              const angle = -2 * Math.PI * (((u * y) % height) / height + ((v * x) % width) / width);
              real += weight * Math.cos(angle);
              imaginary += weight * Math.sin(angle);
            }
          }
          data[o * columns + c] = real;
          data[o * columns + inChannels + c] = -imaginary;
          data[(outChannels + o) * columns + c] = imaginary;
          data[(outChannels + o) * columns + inChannels + c] = real;
        }
      }
      values.push(...numericRank({ data, rows: 2 * outChannels, columns }).singularValues);
    }
  }
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const tolerance = height * width * Math.max(inChannels, outChannels) * Number.EPSILON * largest;
  return { rank: values.filter((value) => value > tolerance).length / 2, tolerance };
}

function outputSize(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: number | "valid" | "full" | "circular",
): number {
  const reach = dilation * (kernel - 1);
  if (padding === "circular") return Math.floor((size - 1) / stride) + 1;
  const added = padding === "full" ? 2 * reach : padding === "valid" ? 0 : 2 * padding;
  return Math.floor((size + added - reach - 1) / stride) + 1;
}
