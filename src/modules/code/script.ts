/** @module Evaluates the body of a file, so that it can be collected when nobody holds it any more. */
import Module from 'node:module'
import { type CompiledFile, PARAMETERS } from './compiler.ts'

export type Namespace = Readonly<Record<string, unknown>>

/** What a body is called with. */
export type CodeRuntime = readonly [
  load: (specifier: string) => Promise<unknown>,
  loadLater: (specifier: unknown, options?: ImportCallOptions) => Promise<unknown>,
  exports: object,
  exportAll: (namespace: object) => void,
  meta: object,
]

export interface Script {
  readonly run: (...runtime: CodeRuntime) => Promise<void>
  /** Imports what Node finds for a specifier from where the file is. */
  readonly load: (specifier: string, options?: ImportCallOptions) => Promise<Namespace>
}

/** What Node hands to the body of a CommonJS module, hidden from ES modules. */
const HIDDEN = 'require, module, exports, __filename, __dirname'

/**
 * Makes a script of a compiled file. Node never lets go of an ES module it has loaded, nor of the source map of evaluated
 * text; a CommonJS module that is in no cache it forgets together with its source map, once nobody holds it.
 */
export function makeScript(file: string, { code, map }: CompiledFile): Script {
  const data = Buffer.from(JSON.stringify(map)).toString('base64')
  const module: object = new Module(file)
  const compile: unknown = Reflect.get(module, '_compile')
  if (typeof compile !== 'function') throw new TypeError('This Node.js has no Module.prototype._compile.')
  // One line before the body, so that its lines keep their numbers.
  const text =
    `exports.run = (function (${HIDDEN}) { return async function (${PARAMETERS.join(', ')}) { "use strict"; ${code}\n} })();` +
    'exports.load = (specifier, options) => import(specifier, options); exports.module = module' +
    `\n//# sourceMappingURL=data:application/json;base64,${data}`
  compile.call(module, text, file)
  // The text above gives exactly these exports; `module` among them keeps the source map for as long as the script.
  return Reflect.get(module, 'exports') as Script
}
