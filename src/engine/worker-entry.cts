/**
 * Where a worker thread of the pool starts. The pool loads its workers by `require`, and Node 20 aborts the whole process
 * when a thread is ended while it requires ES modules; an import that is under way ends quietly. So this is CommonJS,
 * and imports the worker.
 */
const run = import("./worker.js").then((worker) => worker.default);
// Loading fails with the first task, which waits for it.
run.catch(() => {});

export = run;
