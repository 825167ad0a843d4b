/** `bettina report`: the report of a study's folder, rebuilt or printed. */
import { printable } from "../../printable.js";
import { formatReasons, formatRecommendation, formatStudyTable } from "../../report/text.js";
import { datasetLine } from "../../report/words.js";
import { EXIT_OK } from "../exit-codes.js";
import { type CliIo, textOptions } from "../io.js";
import { ProgressLine } from "../output.js";
import { readStudyFolder } from "../study-folder.js";

/** Options of `bettina report`, as parsed. */
export interface ReportOptions {
  readonly text?: boolean;
  readonly quiet?: boolean;
}

/** Rebuilds or prints a report. */
export async function report(directory: string, options: ReportOptions, io: CliIo): Promise<number> {
  const { result, digests } = await readStudyFolder(directory);
  if (options.text) {
    const text = textOptions(io);
    io.stdout.write(
      `${datasetLine(result.dataset)}\n\n${formatStudyTable(result, text)}\n\n${formatReasons(result, text)}\n\n${formatRecommendation(result, text)}\n`,
    );
    return EXIT_OK;
  }
  const progress = new ProgressLine(io.stderr, io.environment, options.quiet === true);
  try {
    const { writeReport } = await import("../../report/write-report.js");
    const written = await writeReport(directory, result, {
      digests,
      signal: io.signal,
      onProgress: ({ done, total, name }) => progress.update(`drawing ${name}`, done / total),
    });
    progress.clear();
    io.stdout.write(`${printable(written.report)}\n`);
  } finally {
    progress.clear();
  }
  return EXIT_OK;
}
