/**
 * The folder of a study:
 *
 *     config.json            the config and its digest, and the digest of the data
 *     jobs/<job>.json        one finished job: what identifies it, its measurements, its network, digests of its diagrams,
 *                            of its network and of itself
 *     diagrams/<job>.json    the diagrams of its clouds
 *     weights/<job>/         the trained network, where asked for; see checkpoint.ts
 *     betti.csv  study.json  the results: reproducible byte for byte
 *     manifest.json          the digests of all files above, and one of itself
 *     environment.json  run-log.ndjson   times, host, memory: not reproducible, and in no manifest
 *     lock.json              while a run writes the folder
 *
 * The report adds report.html, charts/, barcodes/ and persistence/, with a manifest of their own. Every file is written
 * under a temporary name and renamed, a job's diagrams before the job itself and manifest.json after everything else: a
 * job file that is there and whole means that the job is done, a manifest that is whole and that all files agree with
 * that the study is.
 */
import { appendFile, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, ResourceError } from "../errors.js";
import { makeFolder, writeError, writeFileAtomic } from "../io/atomic.js";
import { holdsNetwork, networkDigest, removeNetwork, saveNetwork } from "../network/checkpoint.js";
import type { NetworkWeights } from "../network/weights.js";
import { configDigest, digestOf, type StudyConfig } from "./config.js";
import { lockFolder } from "./folder-lock.js";
import {
  bytesDigest,
  differingFields,
  type FileFault,
  type FolderManifest,
  faultsOf,
  readManifest,
  writeManifest,
} from "./folder-manifest.js";
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
  readonly formatVersion: 3;
  readonly job: string;
  readonly identity: JobIdentity;
  /** SHA-256 of the bytes of `diagrams/<job>.json`. */
  readonly diagramsDigest: string;
  /** Digest of the trained network, kept or not; null for jobs that train nothing. See `networkDigest`. */
  readonly networkDigest: string | null;
  readonly samples: readonly SampleRecord[];
  readonly network: NetworkRecord | null;
  readonly measurements: readonly MeasurementRecord[];
  /** Betti curves, in the order of the measurements. */
  readonly curves: readonly CurveRecord[];
  readonly distances: readonly DistanceRecord[];
}

/** The folder holds another study than the one that is to be done. */
export class OtherStudyError extends ConfigError {}

/** A job was done, but its files could not be written: the study cannot go on. */
export class StoreError extends ResourceError {
  override readonly code: string = "STORE";
}

/** What a folder is found to hold. */
export interface FolderState {
  /** The manifest of a study that was finished; null without one that is whole. */
  readonly manifest: FolderManifest | null;
  /** What is not as it was when the study was finished; empty for an unfinished study. */
  readonly faults: readonly FileFault[];
}

/** The manifest of a finished study, in its folder. */
export const manifestName = "manifest.json";

/** The manifest of what the report draws. */
export const reportManifestName = "report.manifest.json";

/** Where the report puts its pictures. */
const pictureFolders = ["charts", "barcodes", "persistence"] as const;

/** The folder of a study. */
export class Store {
  /** @param saveWeights keep trained networks; a training without its weights is then not done */
  constructor(
    readonly directory: string,
    private readonly saveWeights = false,
  ) {}

  private release: (() => Promise<void>) | undefined;

  /**
   * Whether the folder holds this study, begun or finished; false when it holds none. Changes nothing.
   * @param dataDigest digest of the data; null when they are not at hand: then any data will do
   * @throws ConfigError when the folder holds a study with another config or on other data, or another program's files
   */
  async holds(config: StudyConfig, dataDigest: string | null): Promise<boolean> {
    const held = await this.identity();
    if (held === undefined) return false;
    const wanted = configDigest(config);
    const { dataset } = (held.config ?? config) as StudyConfig;
    const otherData =
      dataset !== config.dataset || (held.digest === wanted && dataDigest !== null && held.dataDigest !== dataDigest);
    if (held.digest === wanted && !otherData) return true;
    const all = held.config === null ? [] : differingFields(held.config, config);
    // The preset is custom as soon as anything else differs.
    const fields = all.length > 1 ? all.filter((field) => field !== "preset") : all;
    const list = fields.length > 3 ? [...fields.slice(0, 3), "…"].join(", ") : fields.join(", ");
    if (held.digest !== wanted && held.inFile === wanted)
      throw new OtherStudyError(
        `Expected the config that the study was made with for config.json of its folder, got one that was changed by hand${list ? ` (${list})` : ""}.`,
        { hint: "Undo the change, choose another folder with --out, or pass --force to replace the study." },
      );
    throw new OtherStudyError(
      `Expected an empty folder or the same study for the output, got a study ${otherData ? `on other data (${dataset})` : `with another config${list ? ` (${list})` : ""}`}.`,
      { hint: "Choose another folder with --out, or pass --force to replace it." },
    );
  }

  /**
   * Of which study the folder is, by the first of its files that can be trusted: the manifest, config.json,
   * study.json. `config` is null where none that belongs to the digest is there; `inFile` is the digest of the config
   * that config.json holds now.
   */
  private async identity(): Promise<
    { digest: string; dataDigest: string; config: Partial<StudyConfig> | null; inFile: string | undefined } | undefined
  > {
    const file = await this.readJson("config.json");
    const { manifest } = await readManifest(this.directory, manifestName);
    const result = (await this.readJson("study.json").catch(() => undefined)) as unknown as StudyResult | undefined;
    const study = result?.format === "bettina-study" && isObject(result.config) ? result : undefined;
    const given = isObject(file?.config) ? (file.config as unknown as StudyConfig) : null;
    const inFile = given === null ? undefined : configDigest(given);
    const claimed = typeof file?.digest === "string" && given !== null ? file.digest : undefined;
    const digest = manifest?.of.config ?? (claimed !== undefined && claimed === inFile ? claimed : undefined);
    const known = digest ?? study?.configDigest ?? claimed;
    if (known === undefined) {
      if (file === undefined) return undefined;
      throw new ConfigError(
        "Expected an empty folder or one that holds a study for the output, got one with another program's config.json.",
        { hint: "Choose another folder with --out." },
      );
    }
    const config =
      known === inFile ? given : study !== undefined && configDigest(study.config) === known ? study.config : null;
    const dataDigest = manifest?.of.data ?? (known === claimed ? file?.dataDigest : study?.dataset?.digest);
    return { digest: known, dataDigest: String(dataDigest), config, inFile };
  }

  /**
   * What became of a finished study's files. Changes nothing. Cost: every file is read.
   * @param config digest of the study's config, and
   * @param data of its data: a manifest of another study is none of this one
   */
  async state(config: string, data: string): Promise<FolderState> {
    const { manifest, fault } = await readManifest(this.directory, manifestName);
    if (manifest === null) {
      // An older version wrote none; neither did a run that was ended on the last few steps.
      const names = await readdir(this.directory).catch((): string[] => []);
      const finished = fault.what === "changed" || names.includes("study.json");
      return { manifest: null, faults: finished ? [fault] : [] };
    }
    if (manifest.of.config !== config || manifest.of.data !== data)
      return { manifest: null, faults: [{ name: manifestName, what: "changed" }] };
    return { manifest, faults: await faultsOf(this.directory, manifest) };
  }

  /** Whether the folder holds a finished study of which no file has changed. Changes nothing. Cost: every file is read. */
  async isWhole(): Promise<boolean> {
    const { manifest } = await readManifest(this.directory, manifestName);
    return manifest !== null && (await faultsOf(this.directory, manifest)).length === 0;
  }

  /** Whether the folder keeps trained networks, by its manifest or, should that be damaged, by what lies there. */
  async keepsWeights(): Promise<boolean> {
    const { manifest } = await readManifest(this.directory, manifestName);
    const listed = Object.keys(manifest?.files ?? {}).some((name) => name.startsWith("weights/"));
    return listed || (await readdir(join(this.directory, "weights")).catch(() => [])).length > 0;
  }

  /** Writes the manifest: the study is finished. @param jobs those that were done */
  async seal(config: string, data: string, jobs: readonly string[]): Promise<void> {
    const files = ["config.json", "study.json", "betti.csv"];
    for (const job of jobs) {
      files.push(`jobs/${job}.json`, `diagrams/${job}.json`);
      if (!this.saveWeights) continue;
      const folder = join(this.directory, "weights", job);
      const names = await readdir(folder).catch(() => []);
      files.push(...names.filter((name) => /\.(npy|json)$/.test(name)).map((name) => `weights/${job}/${name}`));
    }
    await writeManifest(this.directory, manifestName, { config, data }, files);
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
    await makeFolder(this.directory).catch((error: unknown) => {
      throw writeError(this.directory, error);
    });
    this.release ??= await lockFolder(this.directory).catch((error: unknown) => {
      throw writeError(this.directory, error);
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

  /** Ends what {@link open} began: clears temporary files away and lets other runs write the folder. */
  async close(): Promise<void> {
    if (this.release === undefined) return;
    await this.sweep();
    await this.release();
    this.release = undefined;
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
    for (const name of [manifestName, "study.json", "betti.csv", reportManifestName, "report.html"])
      await rm(join(this.directory, name), { force: true });
  }

  /** Removes temporary files of a run that was interrupted while writing. */
  async sweep(): Promise<void> {
    for (const folder of [".", "jobs", "diagrams", ...pictureFolders])
      for (const name of await readdir(join(this.directory, folder)).catch(() => [])) {
        const temporary =
          folder === "."
            ? /^(config|study|environment|betti|report|manifest|report\.manifest)\.(json|csv|html)\.\d+$/
            : /\.(json|svg|png)\.\d+$/;
        if (temporary.test(name)) await rm(join(this.directory, folder, name), { force: true });
      }
  }

  /**
   * Writes a job's network where asked for, its diagrams, then the job.
   * @throws StoreError when they cannot be written
   */
  async writeJob(
    record: Omit<JobRecord, "format" | "formatVersion" | "diagramsDigest" | "networkDigest">,
    clouds: readonly CloudDiagrams[],
    weights: NetworkWeights | null = null,
  ): Promise<void> {
    const { job } = record;
    const diagrams = `${JSON.stringify({ job, clouds })}\n`;
    const whole: JobRecord = {
      format: "bettina-job",
      formatVersion: 3,
      ...record,
      diagramsDigest: bytesDigest(diagrams),
      networkDigest: weights && networkDigest(weights),
    };
    try {
      if (weights && this.saveWeights) await saveNetwork(join(this.directory, "weights", job), weights);
      await this.write(`diagrams/${job}.json`, diagrams);
      await this.write(`jobs/${job}.json`, pretty({ ...whole, digest: digestOf(whole) }));
    } catch (cause) {
      throw new StoreError(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  /**
   * The result of a job; undefined when it is not there, not whole, or of another identity, and so has to be done.
   */
  async readJob(job: string, identity: JobIdentity): Promise<JobRecord | undefined> {
    const held = await this.readJson(`jobs/${job}.json`);
    if (held === undefined) return undefined;
    const { digest, ...record } = held as unknown as JobRecord & { digest?: unknown };
    if (digest !== digestOf(record) || record.format !== "bettina-job" || record.formatVersion !== 3) return undefined;
    if (record.job !== job || digestOf(record.identity) !== digestOf(identity)) return undefined;
    const diagrams = await readFile(join(this.directory, `diagrams/${job}.json`)).catch(() => undefined);
    if (diagrams === undefined) return undefined;
    if (bytesDigest(diagrams) !== record.diagramsDigest) return undefined;
    const kept = this.saveWeights ? record.networkDigest : null;
    if (kept !== null && !(await holdsNetwork(join(this.directory, "weights", job), kept))) return undefined;
    return record;
  }

  /** The finished study's result, as an earlier run wrote it; undefined when there is none that is whole and of this form. */
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

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
