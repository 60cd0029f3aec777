/** @module Finds where in a module something went wrong, also when what tells of it was wrapped on the way. */
import { statSync } from 'node:fs'
import path from 'node:path'
import { LimberError } from '../../errors/limber-error.ts'
import type { CodeFile } from './code-file.ts'
import { codePlace } from './code-place.ts'

export interface FaultyCode {
  /** The folder of the module, absolute: as it is named, and as it really is. */
  readonly folder: string
  readonly realFolder: string
  readonly root: string
  readonly files: readonly CodeFile[]
  nameOf(file: string): string
}

/** Gives the line that an error or one of its causes was thrown at, or else the file that one of them names. */
export function faultPlace(error: unknown, code: FaultyCode): string | undefined {
  const causes = causesOf(error)
  for (const cause of causes) {
    const place = codePlace(cause, code.realFolder, code.files)
    if (place !== undefined) return place
  }
  const named = causes.flatMap((cause) => (cause instanceof LimberError ? cause.path : []))
  return named.map((name) => namedFile(name, code)).find((file) => file !== undefined)
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = []
  for (let each = error; each !== undefined && !causes.includes(each); ) {
    causes.push(each)
    each = each instanceof Error ? each.cause : undefined
  }
  return causes
}

/** Migrations are named by their version alone. */
function namedFile(name: string, { folder, realFolder, root, nameOf }: FaultyCode): string | undefined {
  const migration = path.join(folder, 'migrations', name)
  const candidates = [path.resolve(root, name), migration, `${migration}.ts`, `${migration}.js`]
  const isInside = (file: string) =>
    [folder, realFolder].some((home) => file.startsWith(home + path.sep)) &&
    statSync(file, { throwIfNoEntry: false })?.isFile() === true
  const file = candidates.find(isInside)
  return file === undefined ? undefined : nameOf(file)
}
