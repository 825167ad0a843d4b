/**
 * What the host and the kernels agree on. `src/engine/abi.ts` repeats it; a test holds the two equal.
 *
 * Results header, written by `ripsPersistence`, one record of 16 bytes a dimension:
 *
 *     +0  u32  address of the intervals: (birth f32, death f32) pairs, death +Infinity when essential
 *     +4  u32  number of intervals
 *     +8  u32  columns reduced
 *     +12 u32  unused, 0
 */

/** Changes with every change of layout or meaning. */
export const ABI_VERSION: i32 = 1;

/** Done. */
export const STATUS_OK: i32 = 0;
/** Memory could not grow as far as needed. */
export const STATUS_OUT_OF_MEMORY: i32 = 1;

/** Bytes of one record of the results header. */
export const RESULT_RECORD: usize = 16;
/** Highest dimension whose record fits into the header. */
export const MAX_DIMENSION: i32 = 62;
/** Rows of a square matrix are padded to a multiple of this many entries. */
export const LANES: usize = 4;
