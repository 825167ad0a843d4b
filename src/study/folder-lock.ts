/** One run at a time writes a study's folder: a second would take away the first one's results. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { ConfigError, expected } from "../errors.js";
import { printable } from "../printable.js";

const name = "lock.json";

/** Folders that runs of this process write. */
const held = new Set<string>();

/**
 * Takes the folder, which must be there, by a file with this process and machine. What a process that is gone left is
 * taken over; of a process on another machine nobody here knows whether it lives.
 * @returns gives the folder back
 * @throws ConfigError while another run has it
 */
export async function lockFolder(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, name);
  const key = resolve(directory);
  const own = `${JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() })}\n`;
  if (held.has(key)) throw inUse(directory, "by this process", "Wait for it");
  held.add(key);
  try {
    for (let attempt = 0; ; attempt++) {
      const taken = await writeFile(path, own, { flag: "wx" }).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") return false;
          throw error;
        },
      );
      if (taken) break;
      const owner = await readOwner(path);
      if (attempt < 3 && isGone(owner)) await rm(path, { force: true });
      else
        throw inUse(
          directory,
          owner === null ? "by a run that does not say which" : `by process ${owner.pid} on ${owner.host}`,
          `Wait for it or, if it is gone, remove ${printable(path)}`,
        );
    }
  } catch (error) {
    held.delete(key);
    throw error;
  }
  return async () => {
    held.delete(key);
    // Taken over meanwhile by hand, it is no longer this run's.
    if ((await readFile(path, "utf8").catch(() => "")) === own) await rm(path, { force: true });
  };
}

interface Owner {
  readonly pid: number;
  readonly host: string;
}

function inUse(directory: string, who: string, whatToDo: string): ConfigError {
  return new ConfigError(
    `${expected("a folder that no other run is writing", "the output", directory).slice(0, -1)} (in use ${who}).`,
    { hint: `${whatToDo}; or choose another folder with --out.` },
  );
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    const { pid, host } = JSON.parse(await readFile(path, "utf8")) as Partial<Owner>;
    return Number.isSafeInteger(pid) && pid! > 0 && typeof host === "string"
      ? { pid: pid!, host: printable(host) }
      : null;
  } catch {
    return null;
  }
}

/** A process of this machine that has ended. This process' own number is one that was used before. */
function isGone(owner: Owner | null): boolean {
  // Empty or cut: its process died while writing it.
  if (owner === null) return true;
  if (owner.host !== hostname()) return false;
  if (owner.pid === process.pid) return true;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
