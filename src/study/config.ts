/** What a study does (filled in by the study room; the type here is the contract). */

/** Configuration of a study, fully resolved: every default written out. */
export interface StudyConfig {
  readonly preset: "quick" | "paper" | "custom";
  readonly dataset: "auto" | "mnist" | "digits";
  /** Hidden widths tried. */
  readonly widths: readonly number[];
  /** Number of hidden layers. */
  readonly hiddenLayers: number;
  readonly activations: readonly ("relu" | "square")[];
  readonly seeds: readonly number[];
  /** Seed of everything that is not a training: samples, projections. */
  readonly seed: number;
  readonly classes: readonly number[];
  readonly sampling: {
    /** Images per class; null: a fifth of the class, rounded down (the paper's number). */
    readonly perClass: number | null;
    readonly replacement: boolean;
    /** The same images for the input, every layer and the controls. */
    readonly paired: boolean;
  };
  readonly training: {
    readonly initialisation: "he" | "normal";
    readonly batchNorm: "none" | "after-activation" | "around-activation";
    readonly loss: "mean" | "sum";
    readonly learningRate: number;
    readonly batchSize: number;
    readonly steps: number;
    /** Images held back from the front of the training set. */
    readonly heldBack: number;
  };
  /** Which statistics batch norm uses when measuring. */
  readonly batchStatistics: "training-set" | "sample";
  readonly homology: {
    readonly maxDim: number;
    readonly modulus: number;
    /** `enclosing`, or the paper's cut at twice the norm of the first sampled input image. */
    readonly threshold: "enclosing" | "twice-first-norm";
  };
  readonly readouts: readonly string[];
  readonly controls: readonly ("projection" | "untrained")[];
  /** Readout the recommendation compares by, and the assumptions of the carry bound (theory: d0 and s of I_k). */
  readonly decision: { readonly readout: string; readonly dataDegree: number; readonly dataInequalities: number };
}
