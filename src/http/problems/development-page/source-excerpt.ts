/** @module The lines of source around the place where something failed. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { StackFrame } from './stack-frames.ts'

export interface SourceLine {
  readonly number: number
  readonly text: string
  readonly isFailing: boolean
}

const AROUND = 6

/**
 * Reads them from the file of a frame. Only source of the application is read: a stack is text, and whoever can put
 * something into it must not choose what is shown.
 */
export function sourceAround(frame: StackFrame, root: string): SourceLine[] {
  const inside = path.relative(root, frame.file)
  if (inside.startsWith('..') || path.isAbsolute(inside) || !/\.[cm]?[jt]sx?$/.test(inside)) return []
  const lines = linesOf(frame.file)
  if (frame.line > lines.length) return []
  const first = Math.max(0, frame.line - 1 - AROUND)
  return lines.slice(first, frame.line + AROUND).map((text, index) => {
    const number = first + index + 1
    return { number, text, isFailing: number === frame.line }
  })
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    // It may be gone since it was loaded, or never have been a file: then there is nothing to show.
    return []
  }
}
