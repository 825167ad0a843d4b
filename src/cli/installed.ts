/** Whether an optional package is there. */
import { createRequire } from "node:module";

/** Whether a package can be found from here, without loading it. */
export function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
