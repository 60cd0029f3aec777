/** @module The line of the application that led here. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** `at load (/srv/app/x.ts:3:5)`, `at async file:///srv/app/x.ts:3:5` */
const FRAME = /(?:\(|^at (?:async )?)((?:file:\/\/)?\/[^()]+?):(\d+):\d+\)?$/

/** The folder of the framework, whose own lines say nothing. */
const OWN = path.resolve(import.meta.dirname, '../..') + path.sep

/** The innermost line that is neither of a package nor of the framework, as `file:line`. */
export function callSite(): string | undefined {
  const before = Error.stackTraceLimit
  // Between a query and the line that asked for it are some twenty frames of the ORM.
  Error.stackTraceLimit = 60
  const { stack = '' } = new Error()
  Error.stackTraceLimit = before
  for (const line of stack.split('\n').slice(1)) {
    const [, where = '', number] = FRAME.exec(line.trim()) ?? []
    const file = where.startsWith('file:') ? fileURLToPath(where) : where
    const isForeign = file === '' || file.startsWith(OWN) || /[\\/]node_modules[\\/]/.test(file)
    if (!isForeign) return `${path.relative('.', file)}:${number}`
  }
  return undefined
}
