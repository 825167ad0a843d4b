/** Clouds that could not be computed: each ends alone, and all of them are told. */
import { BettinaError, throwIfAborted } from "../errors.js";
import { complain, inWords } from "./complain.js";
import { EXIT_OK } from "./exit-codes.js";
import type { CliIo } from "./io.js";

/** What stands in the place of a result. */
export interface Failed {
  /** One line. */
  readonly text: string;
  /** The same for `--json`. */
  readonly document: {
    readonly input: string;
    readonly error: { readonly code: string; readonly message: string };
  };
}

/** Tells failures as they come and keeps the worst of them. */
export class Failures {
  /** The highest exit code of all of them. */
  exitCode = EXIT_OK;
  private last: unknown;

  constructor(
    private readonly io: CliIo,
    private readonly debug: boolean,
  ) {}

  /**
   * Complains about one input.
   * @throws CancelledError where everything was cancelled, which is the failure of no input
   */
  add(input: string, error: unknown): Failed {
    throwIfAborted(this.io.signal);
    // One failure may end several inputs, such as a data set that is not there.
    if (error !== this.last) this.exitCode = Math.max(this.exitCode, complain(error, this.io, this.debug, input));
    this.last = error;
    const text = `Not computed: ${inWords(error, input)}`;
    const code = error instanceof BettinaError ? error.code : "INTERNAL";
    return { text, document: { input, error: { code, message: inWords(error) } } };
  }
}
