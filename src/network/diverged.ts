/** Trainings that ended worse than no training. */

/** A loss so many times that of a uniform guess is no accident of the last batches. */
const FAR = 10;

/** What is looked at; a `NetworkRecord` of a study has it, and so have a `Training` and its spec together. */
export interface Ended {
  /** Losses per point (cross-entropy, natural logarithm) in order; the last is a mean over the last steps. */
  readonly losses: readonly { readonly loss: number }[];
  /** All layer sizes; the last is the number of classes. */
  readonly widths: readonly number[];
}

/** Loss per point of a guess that gives every class the same probability: ln(classes). */
export function uniformLoss({ widths }: Pick<Ended, "widths">): number {
  return Math.log(widths.at(-1)!);
}

/**
 * Whether a training diverged: its last loss is above ten times that of a uniform guess, which a network reaches by
 * saying nothing. What its layers show is then an effect of weights that ran away. (A training whose loss is no finite
 * number ends in a TrainingError.)
 */
export function hasDiverged({ losses, widths }: Ended): boolean {
  const last = losses.at(-1);
  return last !== undefined && !(last.loss <= FAR * uniformLoss({ widths }));
}

/** Says of one training that it diverged, without its name. */
export function divergedWords(ended: Ended): string {
  const loss = ended.losses.at(-1)!.loss;
  const written = loss < 1000 ? loss.toPrecision(3) : loss.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
  return `diverged: its loss ends at ${written}, where a uniform guess has ${uniformLoss(ended).toFixed(2)}`;
}
