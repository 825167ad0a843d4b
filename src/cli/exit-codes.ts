/** Exit codes of the command line. Classes of errors carry their own (errors.ts); these are the others. */

/** Everything asked for was done. */
export const EXIT_OK = 0;
/** Wrong usage: an unknown option, a missing argument, a value out of range. */
export const EXIT_USAGE = 2;
/** A limit of memory, disk or time. */
export const EXIT_RESOURCE = 4;
/** The study ended and all results are written, but some of its jobs failed. */
export const EXIT_FAILED_JOBS = 7;
/** A fault of the program. */
export const EXIT_INTERNAL = 70;
/** Ended by Ctrl-C. */
export const EXIT_INTERRUPTED = 130;
/** Ended by SIGTERM. */
export const EXIT_TERMINATED = 143;

/** The table of exit codes for `--help`. */
export const exitCodesHelp = `Exit codes:
  0 done               2 usage or config     3 bad input
  4 resource limit     5 backend missing     6 training failed
  7 study done, but some jobs failed         70 internal error
  130, 143 interrupted`;
