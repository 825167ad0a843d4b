/** `bettina data`: which data set a study would use; fetching and verifying MNIST. */
import { checkAddress, loadDataset } from "../../data/dataset.js";
import { isComplete, locateMnist, mnistCacheDirectory, readMnist } from "../../data/mnist.js";
import { fetchMnist } from "../../data/mnist-download.js";
import { InputError } from "../../errors.js";
import { printable } from "../../printable.js";
import { EXIT_OK } from "../exit-codes.js";
import type { CliIo } from "../io.js";
import { ProgressLine } from "../output.js";

/** Options of `bettina data` and its subcommands, as parsed. */
export interface DataOptions {
  readonly data?: string;
  readonly url?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A folder MNIST is looked for in. */
export interface DataPlace {
  /** How the folder is named: --data, $BETTINA_MNIST or the user's cache. */
  readonly place: string;
  readonly directory: string;
  /** How many of the four files are there. */
  readonly found: number;
  readonly complete: boolean;
}

/** Runs one of the subcommands. */
export async function data(action: "show" | "fetch" | "verify", options: DataOptions, io: CliIo): Promise<number> {
  if (action === "show") return await show(options, io);
  return action === "fetch" ? await fetchData(options, io) : await verify(options, io);
}

/** Where MNIST is looked for, in order, and what is there. The first two places end the search even when incomplete. */
export async function dataPlaces(data: string | undefined, environment: NodeJS.ProcessEnv): Promise<DataPlace[]> {
  const named: [string, string | undefined][] = [
    ["--data", data],
    ["$BETTINA_MNIST", environment.BETTINA_MNIST || undefined],
    ["the user's cache", mnistCacheDirectory(environment)],
  ];
  const places: DataPlace[] = [];
  for (const [place, directory] of named) {
    if (directory === undefined) continue;
    const location = await locateMnist(directory);
    const found = location.paths.filter((path) => path !== undefined).length;
    places.push({ place, directory, found, complete: isComplete(location) });
  }
  return places;
}

/** What a study with `--dataset auto` would use, in words. */
export function wouldUse(places: readonly DataPlace[]): string {
  const first = places[0]!;
  if (first.complete) return `MNIST from ${first.place}`;
  if (places.length > 1) return `nothing: ${first.place} names a folder that does not hold all of MNIST`;
  return "MNIST, downloaded into the user's cache; if it cannot be had, digits drawn by bettina";
}

async function show(options: DataOptions, io: CliIo): Promise<number> {
  const places = await dataPlaces(options.data, io.environment);
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ places, wouldUse: wouldUse(places) }, null, 2)}\n`);
    return EXIT_OK;
  }
  const lines = places.map(
    ({ place, directory, found }) =>
      `  ${place.padEnd(17)} ${`${found} of 4 files`.padEnd(13)} ${printable(directory)}`,
  );
  io.stdout.write(`A study would use ${wouldUse(places)}.\n${lines.join("\n")}\n`);
  return EXIT_OK;
}

async function fetchData(options: DataOptions, io: CliIo): Promise<number> {
  const progress = new ProgressLine(io.stderr, io.environment, options.quiet === true);
  const directory = mnistCacheDirectory(io.environment);
  const url = options.url ?? (io.environment.BETTINA_MNIST_URL || undefined);
  if (url !== undefined) checkAddress(url);
  try {
    const { downloaded, kept } = await fetchMnist({
      directory,
      ...(url === undefined ? {} : { mirrors: [url] }),
      signal: io.signal,
      onProgress: ({ phase, done, total }) => progress.update(phase, total === null ? null : done / total),
    });
    progress.clear();
    if (!kept)
      throw new InputError("Expected the cache folder to be writable, got an error while writing.", {
        hint: "Name another one in BETTINA_CACHE.",
      });
    io.stdout.write(
      `MNIST is in ${printable(directory)} and sound; ${downloaded === 0 ? "nothing had to be downloaded" : `${downloaded} of 4 files downloaded`}.\n`,
    );
  } finally {
    progress.clear();
  }
  return EXIT_OK;
}

async function verify(options: DataOptions, io: CliIo): Promise<number> {
  const place = (await dataPlaces(options.data, io.environment))[0]!;
  await readMnist(place.directory, { name: place.place, signal: io.signal });
  const { digest, note } = await loadDataset({ dataset: "mnist", directory: place.directory, signal: io.signal });
  if (options.json) io.stdout.write(`${JSON.stringify({ ...place, digest }, null, 2)}\n`);
  else
    io.stdout.write(
      `${note}\n  ${place.place}: ${printable(place.directory)}\n  SHA-256 of images and labels: ${digest}\n`,
    );
  return EXIT_OK;
}
