/**
 * The folder of a study:
 *
 *     config.json            the config and its digest, and the digest of the data
 *     jobs/<job>.json        one finished job: what identifies it, its measurements, its network, and a digest of itself
 *     diagrams/<job>.json    the diagrams of its clouds
 *     weights/<job>/         the trained network, where asked for; see checkpoint.ts
 *     betti.csv  study.json  the results: reproducible byte for byte
 *     environment.json  run-log.ndjson   times, host, memory: not reproducible
 *
 * The report adds report.html, charts/, barcodes/ and persistence/. Every file is written under a temporary name and renamed, a job's
 * diagrams before the job itself and study.json after all other results: a job file that is there and whole means that
 * the job is done, a study.json that the study is.
 */
import { createHash } from "node:crypto";
import { appendFile, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../errors.js";
import { makeFolder, writeError, writeFileAtomic } from "../io/atomic.js";
import { hasNetwork, removeNetwork, saveNetwork } from "../network/checkpoint.js";
import type { NetworkWeights } from "../network/weights.js";
import { configDigest, digestOf, type StudyConfig } from "./config.js";
import type { DistanceRecord } from "./layer-distances.js";
import type { JobSeconds } from "./manifest.js";
import type { CloudDiagrams, CurveRecord } from "./measure.js";
import type { MeasurementRecord, NetworkRecord, SampleRecord, StudyResult } from "./result.js";

/** What a job's result depends on besides its name: the same identity gives the same bytes. */
export interface JobIdentity {
  readonly configDigest: string;
  readonly datasetDigest: string;
  readonly bettina: string;
  readonly engineDigest: string;
  readonly nodeMajor: number;
  readonly architecture: string;
  /** null for jobs that train nothing. */
  readonly backend: string | null;
  /** Version of the training library; null for jobs that train nothing. */
  readonly tfjs: string | null;
}

/** The result of one job, as `jobs/<job>.json` holds it. */
export interface JobRecord {
  readonly format: "bettina-job";
  readonly formatVersion: 2;
  readonly job: string;
  readonly identity: JobIdentity;
  /** SHA-256 of the bytes of `diagrams/<job>.json`. */
  readonly diagramsDigest: string;
  readonly samples: readonly SampleRecord[];
  readonly network: NetworkRecord | null;
  readonly measurements: readonly MeasurementRecord[];
  /** Betti curves, in the order of the measurements. */
  readonly curves: readonly CurveRecord[];
  readonly distances: readonly DistanceRecord[];
}

/** The folder holds another study than the one that is to be done. */
export class OtherStudyError extends ConfigError {}

/** Where the report puts its pictures. */
const pictureFolders = ["charts", "barcodes", "persistence"] as const;

/** The folder of a study. */
export class Store {
  /** @param saveWeights keep trained networks; a training without its weights is then not done */
  constructor(
    readonly directory: string,
    private readonly saveWeights = false,
  ) {}

  /**
   * Whether the folder holds this study, begun or finished; false when it holds none. Changes nothing.
   * @param dataDigest digest of the data; null when they are not at hand: then any data will do
   * @throws ConfigError when the folder holds a study with another config or on other data, or another program's files
   */
  async holds(config: StudyConfig, dataDigest: string | null): Promise<boolean> {
    const held = await this.readJson("config.json");
    if (held === undefined) return false;
    if (typeof held.digest !== "string" || typeof held.config !== "object")
      throw new ConfigError(
        "Expected an empty folder or one that holds a study for the output, got one with another program's config.json.",
        { hint: "Choose another folder with --out." },
      );
    const { dataset } = (held.config ?? {}) as Partial<StudyConfig>;
    const otherData = dataset !== config.dataset || (dataDigest !== null && held.dataDigest !== dataDigest);
    if (held.digest !== configDigest(config) || otherData)
      throw new OtherStudyError(
        `Expected an empty folder or the same study for the output, got a study ${otherData ? `on other data (${dataset})` : "with another config"}.`,
        { hint: "Choose another folder with --out, or pass --force to replace it." },
      );
    return true;
  }

  /**
   * Makes the folder ready for a study: writes `config.json` and clears what an interrupted run left.
   * @param dataDigest digest of the data
   * @param force begin anew: remove the study that the folder holds, of this config and data or others
   * @throws ConfigError when the folder holds a study with another config or on other data
   */
  async open(config: StudyConfig, dataDigest: string, force = false): Promise<void> {
    const held = await this.holds(config, dataDigest).catch((error: unknown) => {
      if (force && error instanceof OtherStudyError) return true;
      throw error;
    });
    // Without a study in it the folder is somebody else's: what bears our names there is left alone.
    if (held && force) await this.clear();
    for (const name of ["jobs", "diagrams"]) {
      const path = join(this.directory, name);
      await makeFolder(path).catch((error: unknown) => {
        throw writeError(path, error);
      });
    }
    await this.sweep();
    await this.write("config.json", pretty({ digest: configDigest(config), dataDigest, config }));
  }

  /** Removes the files of a study, its report and pictures included; others in the folder stay. */
  async clear(): Promise<void> {
    await this.withdraw();
    for (const name of ["environment.json", "run-log.ndjson"]) await rm(join(this.directory, name), { force: true });
    for (const folder of ["jobs", "diagrams", ...pictureFolders]) {
      const path = join(this.directory, folder);
      for (const name of await readdir(path).catch(() => []))
        if (/\.(json|svg|png)$/.test(name)) await rm(join(path, name), { force: true });
      await rmdir(path).catch(() => {}); // holds files of others, or is not there
    }
    const weights = join(this.directory, "weights");
    for (const name of await readdir(weights).catch(() => [])) await removeNetwork(join(weights, name));
    await rmdir(weights).catch(() => {});
  }

  /** Removes the results of an earlier run, so that a study under way does not look finished. */
  async withdraw(): Promise<void> {
    for (const name of ["study.json", "betti.csv", "report.html"])
      await rm(join(this.directory, name), { force: true });
  }

  /** Removes temporary files of a run that was interrupted while writing. */
  async sweep(): Promise<void> {
    for (const folder of [".", "jobs", "diagrams", ...pictureFolders])
      for (const name of await readdir(join(this.directory, folder)).catch(() => [])) {
        const temporary =
          folder === "." ? /^(config|study|environment|betti|report)\.(json|csv|html)\.\d+$/ : /\.(json|svg|png)\.\d+$/;
        if (temporary.test(name)) await rm(join(this.directory, folder, name), { force: true });
      }
  }

  /** Writes a job's network where asked for, its diagrams, then the job. */
  async writeJob(
    record: Omit<JobRecord, "format" | "formatVersion" | "diagramsDigest">,
    clouds: readonly CloudDiagrams[],
    weights: NetworkWeights | null = null,
  ): Promise<void> {
    const { job } = record;
    if (weights && this.saveWeights) await saveNetwork(join(this.directory, "weights", job), weights);
    const diagrams = `${JSON.stringify({ job, clouds })}\n`;
    await this.write(`diagrams/${job}.json`, diagrams);
    const whole: JobRecord = {
      format: "bettina-job",
      formatVersion: 2,
      ...record,
      diagramsDigest: createHash("sha256").update(diagrams).digest("hex"),
    };
    await this.write(`jobs/${job}.json`, pretty({ ...whole, digest: digestOf(whole) }));
  }

  /**
   * The result of a job; undefined when it is not there, not whole, or of another identity, and so has to be done.
   */
  async readJob(job: string, identity: JobIdentity): Promise<JobRecord | undefined> {
    const held = await this.readJson(`jobs/${job}.json`);
    if (held === undefined) return undefined;
    const { digest, ...record } = held as unknown as JobRecord & { digest?: unknown };
    if (digest !== digestOf(record) || record.format !== "bettina-job" || record.formatVersion !== 2) return undefined;
    if (record.job !== job || digestOf(record.identity) !== digestOf(identity)) return undefined;
    const diagrams = await readFile(join(this.directory, `diagrams/${job}.json`)).catch(() => undefined);
    if (diagrams === undefined) return undefined;
    if (createHash("sha256").update(diagrams).digest("hex") !== record.diagramsDigest) return undefined;
    const lacking = this.saveWeights && record.network !== null;
    if (lacking && !(await hasNetwork(join(this.directory, "weights", job)))) return undefined;
    return record;
  }

  /** The finished study's result, as an earlier run wrote it; undefined when there is none that is whole. */
  async readStudy(): Promise<StudyResult | undefined> {
    const held = (await this.readJson("study.json")) as unknown as StudyResult | undefined;
    return held?.format === "bettina-study" && held.formatVersion === 3 && Array.isArray(held.enclosures)
      ? held
      : undefined;
  }

  /** Writes one of the study's files. */
  async write(name: string, text: string): Promise<void> {
    await writeFileAtomic(join(this.directory, name), text);
  }

  /** Adds a line to `run-log.ndjson`. */
  async log(entry: object): Promise<void> {
    await appendFile(join(this.directory, "run-log.ndjson"), `${JSON.stringify(entry)}\n`);
  }

  /** The lines of `run-log.ndjson` that are whole, of all runs. */
  async readLog(): Promise<object[]> {
    const text = await readFile(join(this.directory, "run-log.ndjson"), "utf8").catch(() => "");
    return text.split("\n").flatMap((line) => {
      try {
        const entry: unknown = JSON.parse(line);
        return typeof entry === "object" && entry !== null ? [entry] : [];
      } catch {
        return []; // the empty end, or a line that was being written when a run was killed
      }
    });
  }

  /** How long each job took, in any run; empty where `environment.json` is not there. */
  async readTimes(): Promise<readonly JobSeconds[]> {
    const held = await this.readJson("environment.json");
    return Array.isArray(held?.jobs) ? (held.jobs as JobSeconds[]) : [];
  }

  private async readJson(name: string): Promise<Record<string, unknown> | undefined> {
    let text: string;
    try {
      text = await readFile(join(this.directory, name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw writeError(join(this.directory, name), error);
    }
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
    } catch {
      return undefined; // half a file, from a disk that failed: as good as none
    }
  }
}

/** JSON as people read it: an object's fields on lines of their own, lists of numbers on one. */
export function pretty(value: unknown): string {
  return `${layout(value, "")}\n`;
}

function layout(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const flat = Array.isArray(value) ? value.every(isPlain) : Object.values(value).every((item) => isPlain(item));
  if (flat) {
    const line = JSON.stringify(value);
    if (Array.isArray(value) || line.length <= 100) return line;
  }
  const parts = Array.isArray(value)
    ? value.map((item) => layout(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${layout(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return parts.length === 0 ? `${open}${close}` : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
