/** @module Runs a benchmark of this folder from the sources: `node bench/run.js boot-test-application`. */
import { registerTypeScript } from '../bin/typescript-hooks.js'

process.env.NODE_ENV ??= 'test'
registerTypeScript({ conditions: ['limber:source'] })
await import(`./${process.argv[2]}.ts`)
