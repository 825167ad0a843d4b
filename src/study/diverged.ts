/** What a study makes of trainings that diverged: it keeps their records and leaves them out of its evidence. */
import { divergedWords, hasDiverged } from "../network/diverged.js";
import type { MeasurementRecord, NetworkRecord } from "./result.js";

/** Records without those of trainings that diverged; like trainings that failed, these keep nothing. */
export function withoutDiverged<Networks extends NetworkRecord, Measurements extends MeasurementRecord>(
  networks: readonly Networks[],
  measurements: readonly Measurements[],
): { readonly networks: Networks[]; readonly measurements: Measurements[] } {
  const diverged = new Set(networks.filter(hasDiverged).map(({ id }) => id));
  return {
    networks: networks.filter(({ id }) => !diverged.has(id)),
    measurements: measurements.filter(({ source, job }) => source !== "network" || !diverged.has(job)),
  };
}

/** A sentence for every activation of which trainings diverged. */
export function divergedSentences(networks: readonly NetworkRecord[]): string[] {
  return [...new Set(networks.map(({ activation }) => activation))].flatMap((activation) => {
    const own = networks.filter((network) => network.activation === activation);
    const diverged = own.filter(hasDiverged);
    if (diverged.length === 0) return [];
    const names = diverged.map((network) => `${network.id} ${divergedWords(network)}`).join("; ");
    return [
      `${diverged.length} of ${own.length} ${own.length === 1 ? "training" : "trainings"} with ${activation} diverged and ${diverged.length === 1 ? "is" : "are"} no evidence for any width (${names}). Lower the learning rate.`,
    ];
  });
}
