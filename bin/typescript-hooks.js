// Runs TypeScript in development: a synchronous, in-thread loader that keeps decorator metadata.
import { readFileSync } from 'node:fs'
import { registerHooks, setSourceMapsSupport } from 'node:module'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { transformSync } from 'rolldown/utils'

/** What compiled decorators import; resolved from here, since the application need not know of it. */
const HELPERS = '@oxc-project/runtime/'

let isRegistered = false

/**
 * Compiles every `.ts` file outside `node_modules` as it is imported. A second call does nothing.
 *
 * @param {{ conditions?: readonly string[] }} [options] export conditions to add to every import
 * @throws when `@oxc-project/runtime` is not installed
 */
export function registerTypeScript({ conditions = [] } = {}) {
  if (isRegistered) return
  import.meta.resolve(`${HELPERS}helpers/decorate`)
  registerHooks({
    resolve(specifier, context, next) {
      const parentURL = specifier.startsWith(HELPERS) ? import.meta.url : context.parentURL
      return next(specifier, { ...context, parentURL, conditions: [...conditions, ...context.conditions] })
    },
    load(url, context, next) {
      if (!/^file:.*\.m?ts$/.test(url) || url.includes('/node_modules/')) return next(url, context)
      return { format: 'module', shortCircuit: true, source: compile(fileURLToPath(url)) }
    },
  })
  // Stack traces show the lines that were written; those of packages stay as they are.
  setSourceMapsSupport(true, { nodeModules: false })
  isRegistered = true
}

/** @param {string} file */
function compile(file) {
  const { code, map, errors } = transformSync(file, readFileSync(file, 'utf8'), {
    lang: 'ts',
    sourcemap: true,
    target: 'es2024',
    typescript: { onlyRemoveTypeImports: true },
    decorator: { legacy: true, emitDecoratorMetadata: true },
  })
  if (errors.length > 0) {
    const frames = errors.map(({ codeframe, message }) =>
      stripVTControlCharacters(codeframe ?? message).trim(),
    )
    throw new SyntaxError(`${file} does not compile.\n${frames.join('\n')}`)
  }
  const inlineMap = Buffer.from(JSON.stringify(map)).toString('base64')
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${inlineMap}`
}
