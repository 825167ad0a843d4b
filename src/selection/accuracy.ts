/** The width that accuracy alone would choose. */
import { median } from "./evidence.js";

/** How far below the best an accuracy may be for its width to be as good. */
export const accuracyMargin = 0.01;

/** What trainings reached; a `NetworkRecord` is one. */
export interface Trained {
  readonly activation: string;
  readonly width: number;
  readonly testAccuracy: number;
  /** On the training images held back; null where none are. */
  readonly validationAccuracy: number | null;
}

/** Medians over the trainings of one width. */
export interface WidthAccuracy {
  readonly width: number;
  /** On the test images. */
  readonly accuracy: number;
  /** On the images held back; null where none are. */
  readonly validation: number | null;
}

/** The widths with a trained network of this activation, ascending. */
export function accuraciesOf(networks: readonly Trained[], activation: string): WidthAccuracy[] {
  const own = networks.filter((network) => network.activation === activation);
  const widths = [...new Set(own.map(({ width }) => width))].sort((one, other) => one - other);
  return widths.map((width) => {
    const trained = own.filter((network) => network.width === width);
    const validation = trained.map(({ validationAccuracy }) => validationAccuracy).filter((value) => value !== null);
    return {
      width,
      accuracy: median(trained.map(({ testAccuracy }) => testAccuracy)),
      validation: validation.length === trained.length ? median(validation) : null,
    };
  });
}

/** Which accuracy may choose: that on images held back wherever every width has it. */
export function chosenBy(accuracies: readonly WidthAccuracy[]): "validation" | "test" {
  return accuracies.every(({ validation }) => validation !== null) ? "validation" : "test";
}

/** The smallest width within {@link accuracyMargin} of the best; null of none. */
export function smallestAccurate(accuracies: readonly WidthAccuracy[]): WidthAccuracy | null {
  const by = chosenBy(accuracies);
  const score = ({ accuracy, validation }: WidthAccuracy) => (by === "validation" ? validation! : accuracy);
  const best = accuracies.reduce((most, one) => Math.max(most, score(one)), 0);
  return accuracies.find((one) => score(one) >= best - accuracyMargin) ?? null;
}
