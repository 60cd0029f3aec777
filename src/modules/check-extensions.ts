/** @module Checks the base extensions that the configuration lists: a mistake there is nobody's module. */
import { ConfigFileError } from '../config/errors.ts'
import { isClass } from '../support/class-of.ts'
import { ModuleExtension } from './module-extension.ts'

/** @throws {ConfigFileError} */
export function checkExtensions(extensions: unknown = []): void {
  const hint =
    'List classes that extend ModuleExtension; one that is undefined is in a file that imports this one.'
  if (!Array.isArray(extensions))
    throw new ConfigFileError('config/modules.ts', 'extensions is not a list.', hint)
  const wrong = extensions.findIndex((each) => !isClass(each) || !(each.prototype instanceof ModuleExtension))
  if (wrong < 0) return
  throw new ConfigFileError('config/modules.ts', `extension ${wrong + 1} is no ModuleExtension.`, hint)
}
