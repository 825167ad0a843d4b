/** The exports of the module and nothing else. Every variant of the module exports the same list. */
import { ABI_VERSION } from "./abi";

export { allocate, mark, memoryPeak, release, setMemoryLimit } from "./arena";
export { crewClose, crewHelp, crewOpen } from "./crew";
export { distancesF32, distancesF64, distancesI16 } from "./distances";
export { addLandmark, farthestPoint, openLandmarks } from "./landmarks";
export { checkSquare, enclosingRadius, matrixStride, mirrorLower, sealMatrix } from "./matrix";
export { requestRepresentatives } from "./representatives";
export { collapseMatrix, ripsPersistence } from "./rips";
export {
  streamAhead,
  streamBlocks,
  streamCandidates,
  streamColumns,
  streamColumnsAhead,
  streamCut,
  streamEnclosingRadius,
  streamFilter,
  streamFinish,
  streamPhases,
  streamPrepare,
  streamLunes,
  streamLunesFit,
  streamReduce,
  streamRound,
  streamSettle,
  streamSort,
  streamSplit,
} from "./stream";

/** Version of the layout shared with the host. */
export function abiVersion(): i32 {
  return ABI_VERSION;
}
