/** Which clouds of a study get a picture of their diagrams, and which of the pictures stand in the report. */
import type { SweepWidth } from "../network/architecture.js";
import type { CloudDiagrams } from "../study/measure.js";
import type { MeasurementRecord, NetworkRecord, StudyResult } from "../study/result.js";
import { diagramFromJson } from "../topology/diagram.js";
import { barcodeSpec } from "./barcode.js";
import type { ChartSpec } from "./chart-style.js";
import type { Chart } from "./charts/chart.js";
import { scatterChart } from "./charts/scatter-chart.js";
import { chosenWidth } from "./choice.js";
import { activationsOf, networksOf, readoutsOf, widthsOf } from "./summary.js";

/** Diagrams of a cloud and the job they come from. */
export type JobCloud = CloudDiagrams & { readonly job: string };

/** The pictures of one network beside the input's. */
export interface CloudPictures {
  readonly title: string;
  /** Jobs whose diagrams are needed. */
  readonly jobs: readonly string[];
  /** How `barcodes` and `scatter` find a cloud. */
  readonly keyOf: (cloud: JobCloud) => string;
  readonly classes: readonly ClassPictures[];
  /** Whether the report itself shows a class; else it links to the files. */
  readonly inline: (label: number) => boolean;
}

/** The pictures of one class. */
export interface ClassPictures {
  readonly label: number;
  /** "class 3". */
  readonly name: string;
  readonly barcodes: readonly BarcodePicture[];
  /** The persistence diagrams of the input and all layers side by side; absent where only barcodes are drawn. */
  readonly scatter?: (clouds: ReadonlyMap<string, JobCloud>) => Chart | null;
}

/** One barcode. */
export interface BarcodePicture {
  readonly key: string;
  /** Name of its file, without extension. */
  readonly name: string;
  readonly title: string;
  readonly spec: (cloud: CloudDiagrams) => ChartSpec;
}

/**
 * The width that accuracy chooses in every class, inline; the narrowest and the widest in the first class, inline; the
 * others in the first class, as files. Without a network: the input alone. First seed and first sample only.
 */
export function cloudPictures(result: StudyResult): readonly CloudPictures[] {
  const widths = widthsOf(result);
  const [first] = result.config.classes;
  const groups = activationsOf(result).flatMap((activation) => {
    const chosen = chosenWidth(result, activation);
    const ends = [widths[0], widths[widths.length - 1]];
    const rank = (width: SweepWidth) => (width === chosen ? 0 : ends.includes(width) ? 1 : 2);
    return widths
      .flatMap((width) => networksOf(result, activation, width).slice(0, 1))
      .map((network) => ({ network, rank: rank(network.width) }));
  });
  if (groups.length === 0) return [picturesOf(result, null, result.config.classes, () => true)];
  return groups
    .sort((one, other) => one.rank - other.rank)
    .map(({ network, rank }) =>
      picturesOf(result, network, rank === 0 ? result.config.classes : [first!], () => rank < 2),
    );
}

function picturesOf(
  result: StudyResult,
  network: NetworkRecord | null,
  classes: readonly number[],
  inline: CloudPictures["inline"],
): CloudPictures {
  const clouds = result.measurements.filter(
    ({ source, job, subsample }) =>
      subsample === 0 && (source === "input" || (source === "network" && job === network?.id)),
  );
  const title = network ? `${network.activation}, width ${network.width}, seed ${network.seed}` : "Input";
  return {
    title,
    jobs: ["input", ...(network ? [network.id] : [])],
    keyOf: ({ job, source, layer, class: label, subsample }) => keyOf(job, source, layer, label, subsample),
    inline,
    classes: classes.map((label): ClassPictures => {
      const own = clouds.filter((cloud) => cloud.class === label);
      return {
        label,
        name: `class ${label}`,
        barcodes: own.map((cloud) => barcode(cloud)),
        scatter: (held) => {
          const drawn = own.flatMap((cloud) => {
            const found = held.get(keyOfRecord(cloud));
            return found ? [{ title: layerName(cloud), diagrams: diagramsOf(found) }] : [];
          });
          if (drawn.length === 0) return null;
          return scatterChart({
            name: `${network?.id ?? "input"}-class${label}`,
            title: `Persistence diagrams of ${title}, class ${label}`,
            clouds: drawn,
            readouts: readoutsOf(result),
          });
        },
      };
    }),
  };
}

function barcode(cloud: MeasurementRecord): BarcodePicture {
  const { source, job, activation, width, layer, seed, class: label, points, distinctPoints } = cloud;
  const name = source === "input" ? `input-class${label}` : `${job}-layer${layer}-class${label}`;
  const title = source === "input" ? "input" : `${activation}, width ${width}, layer ${layer}`;
  const images = distinctPoints < points ? `${distinctPoints} distinct points of ${points} images` : `${points} images`;
  const subtitle = `class ${label}, ${images}${source === "input" ? "" : `, seed ${seed}`}`;
  return {
    key: keyOfRecord(cloud),
    name,
    title: `${title}: ${subtitle}`,
    spec: (held) => barcodeSpec({ title, subtitle, diagrams: diagramsOf(held), threshold: held.threshold }),
  };
}

function layerName({ source, layer }: MeasurementRecord): string {
  return source === "input" ? "input" : `layer ${layer}`;
}

function diagramsOf({ diagrams }: CloudDiagrams) {
  return diagrams.map((intervals, dimension) => diagramFromJson(dimension, intervals));
}

function keyOfRecord({ job, source, layer, class: label, subsample }: MeasurementRecord): string {
  return keyOf(job, source, layer, label, subsample);
}

/** Diagrams of earlier versions name no sample: they are of the first. */
function keyOf(job: string, source: string, layer: number, label: number, subsample: number | undefined): string {
  return `${job}/${source}/${layer}/${label}/${subsample ?? 0}`;
}
