/** The network that accuracy alone would choose. */
import type { SweepWidth } from "../network/architecture.js";
import { median } from "./evidence.js";

/** How far below the best an accuracy may be for its network to be as good; exactly so far is near enough. */
const accuracyMargin = 0.01;
/** Differences of fractions are off by some rounding errors, fractions of images differ by much more. */
const rounding = 1e-9;

/** What trainings reached; a `NetworkRecord` is one. */
export interface Trained {
  readonly activation: string;
  readonly width: SweepWidth;
  /** Number of trained numbers. */
  readonly parameters: number;
  readonly testAccuracy: number;
  /** On the training images held back; null where none are. */
  readonly validationAccuracy: number | null;
}

/** Medians over the trainings of one network of the sweep. */
export interface WidthAccuracy {
  readonly width: SweepWidth;
  /** Number of trained numbers of one of them. */
  readonly parameters: number;
  /** On the test images. */
  readonly accuracy: number;
  /** On the images held back; null where none are. */
  readonly validation: number | null;
}

/**
 * The widths with a trained network of this activation.
 * @param widths the sweep, ascending; the result is in its order
 */
export function accuraciesOf(
  networks: readonly Trained[],
  activation: string,
  widths: readonly SweepWidth[],
): WidthAccuracy[] {
  return widths.flatMap((width) => {
    const trained = networks.filter((network) => network.activation === activation && network.width === width);
    if (trained.length === 0) return [];
    const validation = trained.map(({ validationAccuracy }) => validationAccuracy).filter((value) => value !== null);
    return [
      {
        width,
        parameters: trained[0]!.parameters,
        accuracy: median(trained.map(({ testAccuracy }) => testAccuracy)),
        validation: validation.length === trained.length ? median(validation) : null,
      },
    ];
  });
}

/** Which accuracy may choose: that on images held back wherever every width has it. */
export function chosenBy(accuracies: readonly WidthAccuracy[]): "validation" | "test" {
  return accuracies.every(({ validation }) => validation !== null) ? "validation" : "test";
}

/**
 * The network with the fewest parameters within {@link accuracyMargin} of the best, which of one width for all layers is
 * the smallest width; null of none.
 */
export function smallestAccurate(accuracies: readonly WidthAccuracy[]): WidthAccuracy | null {
  const by = chosenBy(accuracies);
  const score = ({ accuracy, validation }: WidthAccuracy) => (by === "validation" ? validation! : accuracy);
  const best = accuracies.reduce((most, one) => Math.max(most, score(one)), 0);
  const good = accuracies.filter((one) => score(one) >= best - accuracyMargin - rounding);
  return good.reduce<WidthAccuracy | null>(
    (least, one) => (least === null || one.parameters < least.parameters ? one : least),
    null,
  );
}
