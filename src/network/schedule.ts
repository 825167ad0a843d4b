/** How the learning rate changes while training. */

/**
 * What the learning rate is multiplied by:
 * - `constant`: 1;
 * - `step`: by `factor` once more after every `every` steps;
 * - `cosine`: falls from 1 at the first step to `floor` after the last along half a cosine (Loshchilov and Hutter 2017,
 *   without restarts).
 */
export type Schedule =
  | { readonly name: "constant" }
  | {
      readonly name: "step";
      /** Steps between two changes. */
      readonly every: number;
      /** In (0, 1). @default 0.1 */
      readonly factor?: number;
    }
  | {
      readonly name: "cosine";
      /** In [0, 1). @default 0 */
      readonly floor?: number;
    };

/** Names of schedules. */
export const scheduleNames = ["constant", "step", "cosine"] as const;

/**
 * The factor of the learning rate.
 * @param step number of the step, from 1 to `steps`
 */
export function rateFactor(schedule: Schedule, step: number, steps: number): number {
  if (schedule.name === "constant") return 1;
  if (schedule.name === "step") return (schedule.factor ?? 0.1) ** Math.floor((step - 1) / schedule.every);
  const { floor = 0 } = schedule;
  return floor + ((1 - floor) * (1 + Math.cos((Math.PI * (step - 1)) / steps))) / 2;
}
