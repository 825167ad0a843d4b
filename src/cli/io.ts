/** What the program may touch of its process: handed in, so that tests can run commands without one. */

/** Something text can be written to: a stream of the process, or a list in a test. */
export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The surroundings of one run of the program. */
export interface CliIo {
  /** Results. */
  readonly stdout: TextSink;
  /** Progress, remarks, complaints. */
  readonly stderr: TextSink;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C or termination. */
  readonly signal: AbortSignal;
}

/** Whether a sink gets ANSI colours: a terminal, no NO_COLOR; FORCE_COLOR also without a terminal. */
export function wantsColour(sink: TextSink, environment: NodeJS.ProcessEnv): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR && environment.FORCE_COLOR !== "0") return true;
  return sink.isTTY === true && environment.TERM !== "dumb";
}

/** Colour and width for text that goes to standard output. */
export function textOptions(io: CliIo): { readonly colour: boolean; readonly columns: number } {
  return {
    colour: wantsColour(io.stdout, io.environment),
    columns: Math.max(60, Math.min(100, io.stdout.columns ?? 80)),
  };
}
