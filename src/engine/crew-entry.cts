/** Where a thread of a crew starts: CommonJS for the reason given in worker-entry.cts. */
import("./crew-worker.js");
