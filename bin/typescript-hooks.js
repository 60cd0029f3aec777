// Runs TypeScript in development: a synchronous, in-thread loader that keeps decorator metadata.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'rolldown/utils'

/**
 * Compiles every `.ts` file outside `node_modules` as it is imported.
 *
 * @param {{ conditions?: readonly string[] }} [options] export conditions to add to every import
 */
export function registerTypeScript({ conditions = [] } = {}) {
  registerHooks({
    resolve(specifier, context, next) {
      return next(specifier, { ...context, conditions: [...conditions, ...context.conditions] })
    },
    load(url, context, next) {
      if (!/\.m?ts$/.test(url) || url.includes('/node_modules/')) return next(url, context)
      const file = fileURLToPath(url)
      return { format: 'module', shortCircuit: true, source: compile(file) }
    },
  })
}

function compile(file) {
  const { code, map, errors } = transformSync(file, readFileSync(file, 'utf8'), {
    lang: 'ts',
    sourcemap: true,
    target: 'es2024',
    typescript: { onlyRemoveTypeImports: true },
    decorator: { legacy: true, emitDecoratorMetadata: true },
  })
  if (errors.length > 0) {
    const frames = errors.map((error) => error.codeframe ?? error.message)
    throw new SyntaxError(`${file} does not compile.\n${frames.join('\n')}`)
  }
  const inlineMap = Buffer.from(JSON.stringify(map)).toString('base64')
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${inlineMap}`
}
