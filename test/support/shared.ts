/**
 * Data that lies beside the project and is never copied into it: MNIST, reference clouds, benchmark sets. Found in
 * `$BETTINA_SHARED`, else in `../shared` beside the project's root. Tests that need it are skipped where it is absent:
 * `it.skipIf(!hasShared("data", "mnist"))`.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder. */
export const projectRoot: string = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Path of a shared file or folder, or undefined where it does not exist. */
export function sharedPath(...parts: string[]): string | undefined {
  const root = process.env.BETTINA_SHARED || join(projectRoot, "..", "shared");
  const path = resolve(root, ...parts);
  return existsSync(path) ? path : undefined;
}

/** Whether a shared file or folder exists. */
export function hasShared(...parts: string[]): boolean {
  return sharedPath(...parts) !== undefined;
}
