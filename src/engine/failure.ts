/** Errors that cross a thread: structured clone loses their class, so they travel as plain data. */
import * as errors from "../errors.js";

/** An error as plain data. */
export interface FailureMessage {
  readonly name: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly stack: string | undefined;
}

/** Turns any thrown value into plain data. */
export function packFailure(error: unknown): FailureMessage {
  return error instanceof Error
    ? {
        name: error.name,
        message: error.message,
        hint: error instanceof errors.BettinaError ? error.hint : undefined,
        stack: error.stack,
      }
    : { name: "Error", message: String(error), hint: undefined, stack: undefined };
}

/** Turns plain data back into an error of the class it had, or an EngineError for a class that is not bettina's. */
export function unpackFailure(failure: FailureMessage): errors.BettinaError {
  const known: Record<string, new (message: string) => errors.BettinaError> = {
    ConfigError: errors.ConfigError,
    InputError: errors.InputError,
    MemoryLimitError: errors.MemoryLimitError,
    SimplexOverflowError: errors.SimplexOverflowError,
    ResourceError: errors.ResourceError,
    BackendError: errors.BackendError,
    TrainingError: errors.TrainingError,
  };
  const Class = known[failure.name];
  const error = Class ? new Class(failure.message) : new errors.EngineError(`${failure.name}: ${failure.message}`);
  // The message ends with the hint already.
  Object.assign(error, { hint: failure.hint });
  if (failure.stack) error.stack = failure.stack;
  return error;
}
