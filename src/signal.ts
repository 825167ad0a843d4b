/** Signals by which a caller ends a call. */
import { refuseUnless } from "./options.js";

/** @throws ConfigError for what is given and is no signal */
export function checkSignal(signal: AbortSignal | undefined): void {
  refuseUnless(signal === undefined || isSignal(signal), {
    what: "an AbortSignal",
    name: "signal",
    got: signal,
    hint: "Pass the signal of an AbortController.",
  });
}

/** Whether a value says whether it is aborted and tells when it is: Node's signals, and those of other realms. */
function isSignal(value: unknown): boolean {
  const signal = value as Partial<AbortSignal> | null;
  return (
    typeof signal === "object" && typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function"
  );
}

/** Node's own kind of signal, which alone can be joined with others: it follows one of another realm. */
export function nodeSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  const other = signal as AbortSignal;
  const controller = new AbortController();
  if (other.aborted) controller.abort(other.reason);
  else other.addEventListener("abort", () => controller.abort(other.reason), { once: true });
  return controller.signal;
}
