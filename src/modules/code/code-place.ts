/** @module Finds the line of a file of a module that an error was thrown at. */
import { SourceMap } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { CodeFile } from './code-file.ts'
import { makeScript } from './script.ts'

/** Gives the innermost place in one of these files: `modules/shop/routes.ts:12`. */
export function codePlace(error: unknown, folder: string, files: readonly CodeFile[]): string | undefined {
  const stack: unknown = error instanceof Error ? error.stack : undefined
  for (const frame of typeof stack === 'string' ? stack.split('\n') : []) {
    const found = readFrame(frame, folder)
    const file = found && files.find((candidate) => candidate.file === found.file)
    if (file) return `${file.name}:${writtenLine(file, found)}`
  }
  return undefined
}

interface Frame {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Reads `at name (/folder/file.ts:1:2)`; file names may hold anything, so the folder says where one begins. */
function readFrame(frame: string, folder: string): Frame | undefined {
  const end = /:(\d+):(\d+)\)?$/.exec(frame)
  if (!end || !/^\s+at /.test(frame)) return undefined
  const url = frame.lastIndexOf(`${pathToFileURL(folder).href}/`, end.index)
  const plain = frame.lastIndexOf(`${folder}${path.sep}`, end.index)
  if (url < 0 && plain < 0) return undefined
  const file = url < 0 ? frame.slice(plain, end.index) : fileURLToPath(frame.slice(url, end.index))
  return { file, line: Number(end[1]), column: Number(end[2]) }
}

/** The line as it was written: where Node does not look into source maps, the stack tells that of what became of it. */
function writtenLine({ compiled, file }: CodeFile, { line, column }: Frame): number {
  if (areMapped(file)) return line
  const map = new SourceMap({ ...compiled.map, file: '', sourcesContent: [], sourceRoot: '' })
  const entry = map.findEntry(line - 1, column - 1)
  return 'originalLine' in entry ? entry.originalLine + 1 : line
}

/** Whether stacks tell lines as they were written: seen on an error, since hooks of a process decide that as much as options. */
function areMapped(file: string): boolean {
  const probe = `${file}.probe`
  // It says that everything was written in line 7.
  const map = { version: 3 as const, sources: [pathToFileURL(probe).href], names: [], mappings: 'AAMA' }
  const code = '__vite_ssr_exports__.error = new Error()'
  const seen: { error?: Error } = {}
  const nothing = async () => undefined
  const script = makeScript(probe, { code, map, imports: [], exports: [], stars: [] })
  // The body has run to its end when the call is back: it awaits nothing.
  void script.run(nothing, nothing, seen, () => undefined, {})
  return /\.probe:7:/.test(seen.error?.stack ?? '')
}
