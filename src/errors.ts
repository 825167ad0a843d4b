/**
 * Every failure bettina reports on purpose. The message has one form:
 * "Expected <what> for <name>, got <value>. <What to do>." and each class carries the exit code of the command line.
 */

import { printable } from "./printable.js";

/** What a {@link BettinaError} is built from besides its message. */
export interface ErrorDetails {
  /** One sentence that says what to do; it ends the message. */
  readonly hint?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** Base class of every error bettina throws on purpose. Its message is one line without control characters. */
export class BettinaError extends Error {
  /** Exit code of the command line for this class of error. */
  readonly exitCode: number = 70;
  /** Stable, machine-readable name of the class of error. */
  readonly code: string = "INTERNAL";
  /** What to do about it, also at the end of the message. */
  readonly hint: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    const hint = details.hint && printable(details.hint);
    super(hint ? `${printable(message)} ${hint}` : printable(message), { cause: details.cause });
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** A wrong option, argument or configuration. Exit code 2. */
export class ConfigError extends BettinaError {
  override readonly exitCode: number = 2;
  override readonly code: string = "CONFIG";
}

/** Input that cannot be used. Exit code 3. */
export class InputError extends BettinaError {
  override readonly exitCode: number = 3;
  override readonly code: string = "INPUT";
}

/** A file whose content breaks its format. Exit code 3. */
export class DataFormatError extends InputError {
  override readonly code: string = "DATA_FORMAT";
  /** The file, or a name such as "standard input". */
  readonly path: string;
  /** Byte offset (binary formats) or line number counted from 1 (text formats), where known. */
  readonly offset: number | undefined;

  constructor(message: string, details: ErrorDetails & { readonly path: string; readonly offset?: number }) {
    super(message, details);
    this.path = details.path;
    this.offset = details.offset;
  }
}

/** A limit of memory, size or time. Exit code 4. */
export class ResourceError extends BettinaError {
  override readonly exitCode: number = 4;
  override readonly code: string = "RESOURCE";
}

/** More memory would be needed than allowed or available. Exit code 4. */
export class MemoryLimitError extends ResourceError {
  override readonly code: string = "MEMORY_LIMIT";
}

/** Simplex indices would pass 2^63 - 1. Exit code 4. */
export class SimplexOverflowError extends ResourceError {
  override readonly code: string = "SIMPLEX_OVERFLOW";
}

/** The time-out passed. Exit code 4. */
export class TimeoutError extends ResourceError {
  override readonly code: string = "TIMEOUT";
}

/** An optional package or a compute backend is missing or broken. Exit code 5. */
export class BackendError extends BettinaError {
  override readonly exitCode: number = 5;
  override readonly code: string = "BACKEND";
}

/** Training could not go on (a loss that is not a number, for instance). Exit code 6. */
export class TrainingError extends BettinaError {
  override readonly exitCode: number = 6;
  override readonly code: string = "TRAINING";
}

/** The caller cancelled. Exit code 130. */
export class CancelledError extends BettinaError {
  override readonly exitCode: number = 130;
  override readonly code: string = "CANCELLED";
}

/** The WebAssembly engine failed in a way it should not. Exit code 70. */
export class EngineError extends BettinaError {
  override readonly code: string = "ENGINE";
}

/**
 * The first sentence of every complaint about a value.
 * @param what what would have been right, e.g. "a positive integer"
 * @param name the option, field or argument
 * @param got the value found; strings are quoted, long values cut at 80 characters, control characters escaped
 */
export function expected(what: string, name: string, got: unknown): string {
  return `Expected ${what} for ${name}, got ${show(got)}.`;
}

/** Throws {@link CancelledError} when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError("Cancelled.", { cause: signal.reason });
}

function show(value: unknown): string {
  const text =
    typeof value === "string"
      ? JSON.stringify(value)
      : typeof value === "bigint"
        ? `${value}`
        : typeof value === "object" && value !== null
          ? (safeJson(value) ?? String(value))
          : String(value);
  const shown = printable(text);
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}

function safeJson(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
