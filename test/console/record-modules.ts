/** @module Preloaded into a child process: writes the address of every module it resolved to the file RECORD_MODULES. */
import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const file = process.env.RECORD_MODULES ?? ''
const modules: string[] = []

registerHooks({
  resolve(specifier, context, next) {
    const result = next(specifier, context)
    modules.push(result.url)
    return result
  },
})
process.on('exit', () => writeFileSync(file, modules.join('\n')))
