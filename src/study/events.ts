/** What a study tells while it runs. */
import type { FileFault } from "./folder-manifest.js";
import type { BackendRecord, DatasetRecord } from "./result.js";

/** Where the whole study stands. Both count estimated work, not jobs, so that they move evenly. */
export interface StudyProgress {
  /** Part of the study's work that is done, in [0, 1]; includes what an earlier run did. */
  readonly fraction: number;
  /** Seconds left, from the speed of this run so far; null until a twentieth of its work is done. */
  readonly etaSeconds: number | null;
}

/** The data set is being read, downloaded or drawn. */
export interface DataEvent {
  readonly type: "data";
  readonly phase: string;
  readonly done: number;
  /** null where the total is not known. */
  readonly total: number | null;
}

/** Files of a study that was finished are not as they were; they are made anew, from those jobs that are whole. */
export interface DamagedEvent {
  readonly type: "damaged";
  readonly files: readonly FileFault[];
}

/** Everything is ready and the jobs begin. */
export interface StudyStartEvent extends StudyProgress {
  readonly type: "study-start";
  readonly jobs: number;
  /** Jobs that an earlier run finished; they are not done again. */
  readonly finished: number;
  readonly clouds: number;
  readonly threads: number;
  readonly dataset: DatasetRecord;
  readonly backend: BackendRecord;
}

/** A job begins. */
export interface JobStartEvent extends StudyProgress {
  readonly type: "job-start";
  readonly job: string;
}

/** A job got further; about ten times a second. */
export interface JobProgressEvent extends StudyProgress {
  readonly type: "job-progress";
  readonly job: string;
  readonly phase: JobPhase;
  /** Part of the job that is done, in [0, 1]. */
  readonly done: number;
}

/** What a job is doing. */
export type JobPhase = "training" | "measuring";

/** A job ended well and its files are written. */
export interface JobEndEvent extends StudyProgress {
  readonly type: "job-end";
  readonly job: string;
  readonly seconds: number;
  /** The part of them that was training; null for jobs that train nothing. */
  readonly trainingSeconds: number | null;
}

/** A job failed; the study goes on and records it. */
export interface JobFailedEvent extends StudyProgress {
  readonly type: "job-failed";
  readonly job: string;
  readonly code: string;
  readonly message: string;
}

/** The study's files are written. */
export interface StudyEndEvent extends StudyProgress {
  readonly type: "study-end";
  /** True when a finished study was found and nothing was done. */
  readonly shown: boolean;
  readonly failures: number;
  readonly seconds: number;
}

/** What a study tells while it runs. */
export type StudyEvent =
  | DataEvent
  | DamagedEvent
  | StudyStartEvent
  | JobStartEvent
  | JobProgressEvent
  | JobEndEvent
  | JobFailedEvent
  | StudyEndEvent;

/** Part of a run's work that must be done before its speed is worth telling. */
const leastShare = 0.05;

/** Keeps account of the work done, for {@link StudyProgress}. */
export class ProgressMeter {
  private readonly total: number;
  private readonly before: number;
  private readonly started: number;
  private readonly running = new Map<string, number>();
  private done: number;

  /**
   * @param total work of the whole study
   * @param before work that an earlier run did
   * @param now clock in milliseconds
   */
  constructor(
    total: number,
    before: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.total = Math.max(total, Number.MIN_VALUE);
    this.before = before;
    this.done = before;
    this.started = now();
  }

  /** A running job has done so much work. */
  advance(job: string, work: number): void {
    this.running.set(job, work);
  }

  /** A job is over, well or not: all of its work is done. */
  finish(job: string, work: number): void {
    this.running.delete(job);
    this.done += work;
  }

  /** Where the study stands now. */
  progress(): StudyProgress {
    let done = this.done;
    for (const work of this.running.values()) done += work;
    const own = done - this.before;
    const elapsed = (this.now() - this.started) / 1000;
    // The first steps wait for threads that load the training library: they say little about the others.
    const known = own >= leastShare * (this.total - this.before) && own > 0 && elapsed > 0;
    return {
      fraction: Math.min(1, done / this.total),
      etaSeconds: known ? ((this.total - done) * elapsed) / own : null,
    };
  }
}
