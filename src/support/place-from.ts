/** @module Where a file is, as messages say it. */
import path from 'node:path'

/** Gives a path from the root, with slashes on every system: `modules/shop/module.yaml`. */
export function placeFrom(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/')
}
