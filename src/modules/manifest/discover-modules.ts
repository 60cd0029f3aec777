/** @module Finds the folders of modules. */
import { globSync } from 'node:fs'
import path from 'node:path'
import type { ModuleEntry } from '../../application/define-app.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import { type FoundModule, MANIFEST_FILE } from './manifest.ts'
import { readManifest } from './read-manifest.ts'

/** A folder that is no module, and why. */
export interface ModuleFault {
  readonly folder: string
  readonly name: string | undefined
  readonly error: LimberError
}

export async function discoverModules(
  root: string,
  entries: readonly ModuleEntry[],
): Promise<{ found: readonly FoundModule[]; faults: readonly ModuleFault[] }> {
  const found: FoundModule[] = []
  const faults: ModuleFault[] = []
  for (const entry of entries) {
    const { folder: pattern, permissions } =
      typeof entry === 'string' ? { folder: entry, permissions: undefined } : entry
    for (const file of globSync(`${pattern}/${MANIFEST_FILE}`, { cwd: root }).sort()) {
      const folder = path.dirname(path.resolve(root, file))
      try {
        found.push(await readManifest(folder, root, permissions))
      } catch (error) {
        const fault = error instanceof LimberError ? error : new UnreadableError(messageOf(error))
        faults.push({ folder, name: undefined, error: fault })
      }
    }
  }
  return { found, faults }
}

class UnreadableError extends LimberError {
  readonly code = 'STAND_IN'
  readonly kind = 'invalid'
}
