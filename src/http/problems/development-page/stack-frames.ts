/** @module The frames of a stack, and whose code they are in. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface StackFrame {
  /** The function, where it has a name. */
  readonly name: string | undefined
  readonly file: string
  readonly line: number
  readonly column: number
  /** Whether the application wrote it, and not a package, the framework or Node. */
  readonly isOwn: boolean
}

const FRAMEWORK = fileURLToPath(new URL('../../../', import.meta.url))

/** The message comes first in a stack, and may hold lines that look like frames: they are none. */
export function framesOf({ stack = '', message }: Error): StackFrame[] {
  const start = stack.indexOf(message)
  const lines = (start < 0 ? stack : stack.slice(start + message.length)).split('\n')
  // No frame is that long, and looking for one in such a line would take for ever.
  return lines
    .filter(({ length }) => length < 2_000)
    .flatMap((line) => {
      const [, name, place = '', row, column] = /^ +at (?:(.+) \()?(.+?):(\d+):(\d+)\)?$/.exec(line) ?? []
      if (row === undefined) return []
      const file = fileOf(place.replace(/^async /, ''))
      return [{ name, file, line: Number(row), column: Number(column), isOwn: isOwn(file) }]
    })
}

function fileOf(place: string): string {
  return place.startsWith('file:') && URL.canParse(place) ? fileURLToPath(place) : place
}

function isOwn(file: string): boolean {
  if (!path.isAbsolute(file) || file.startsWith(FRAMEWORK)) return false
  return !file.split(path.sep).includes('node_modules')
}
