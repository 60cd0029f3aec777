/** @module The line of the application that led here, for messages. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** `at load (/srv/app/x.ts:3:5)`, `at async file:///srv/app/x.ts:3:5` */
const FRAME = /(?:\(|^at (?:async )?)((?:file:\/\/)?\/[^()]+?):(\d+):\d+\)?$/

/** The folder of the framework, whose own lines say nothing. */
const OWN = path.resolve(import.meta.dirname, '..') + path.sep

/** Between a query and the line that asked for it are some twenty frames of the ORM. */
const DEPTH = 60

/** A place in the code that is remembered cheaply, and spelled out only for a message. */
export class CallSite {
  readonly #place: Error

  constructor() {
    const before = Error.stackTraceLimit
    Error.stackTraceLimit = DEPTH
    this.#place = new Error('remembers where it was made')
    Error.stackTraceLimit = before
  }

  /** The innermost line that is neither of a package nor of the framework, as `file:line`. */
  find(): string | undefined {
    for (const line of (this.#place.stack ?? '').split('\n').slice(1)) {
      const [, where = '', number] = FRAME.exec(line.trim()) ?? []
      const file = where.startsWith('file:') ? fileURLToPath(where) : where
      const isForeign = file === '' || file.startsWith(OWN) || /[\\/]node_modules[\\/]/.test(file)
      if (!isForeign) return `${path.relative('.', file)}:${number}`
    }
    return undefined
  }

  toString(): string {
    return this.find() ?? 'unknown'
  }
}
