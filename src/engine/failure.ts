/** Errors that cross a thread: structured clone loses their class, so they travel as plain data. */
import * as errors from "../errors.js";

/** An error as plain data. */
export interface FailureMessage {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** Turns any thrown value into plain data. */
export function packFailure(error: unknown): FailureMessage {
  return error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { name: "Error", message: String(error), stack: undefined };
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
  if (failure.stack) error.stack = failure.stack;
  return error;
}
