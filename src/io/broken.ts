/** How readers of files complain about their content. */
import { DataFormatError, expected } from "../errors.js";

/** What to do about a file that ends too early. */
export const cutOff = "The file is cut off: copy it again.";

/** A DataFormatError about `name` of the file `path`. */
export function broken(
  path: string,
  offset: number | undefined,
  what: string,
  name: string,
  got: unknown,
  hint: string,
): DataFormatError {
  return new DataFormatError(expected(what, `${name} of ${path}`, got), {
    path,
    ...(offset === undefined ? {} : { offset }),
    hint,
  });
}
