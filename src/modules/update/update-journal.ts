/** @module The journal of an update: how far it has come, written before each step, so that the next start can go on. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseDump } from '../../database/dumps/dump-target.ts'
import { removeDurably, writeDurably } from '../../support/durable-file.ts'
import type { EnabledModule } from '../state/enabled-modules.ts'
import { UpdateJournalError } from './errors.ts'
import { journalsIn } from './update-places.ts'

/**
 * `preparing`: nothing of the module has been touched. `swapping`: its folder may have been replaced. `migrating`: its
 * database may have been, too. `done`: only what is left over has to go.
 */
export type UpdatePhase = 'preparing' | 'swapping' | 'migrating' | 'done'

const PHASES: readonly unknown[] = ['preparing', 'swapping', 'migrating', 'done'] satisfies UpdatePhase[]

export interface UpdateRecord {
  readonly module: string
  readonly phase: UpdatePhase
  /** Absolute. */
  readonly folder: string
  readonly from: string
  /** With the copies of this update; absolute. */
  readonly backup: string
  readonly dump?: DatabaseDump
  /** What was consented to before, where it was enabled. */
  readonly before?: EnabledModule
}

export class UpdateJournal {
  readonly file: string

  constructor(file: string) {
    this.file = file
  }

  write(record: UpdateRecord): UpdateRecord {
    writeDurably(this.file, `${JSON.stringify(record, null, 2)}\n`)
    return record
  }

  /** @throws {UpdateJournalError} */
  read(): UpdateRecord | undefined {
    if (!existsSync(this.file)) return undefined
    try {
      const content: unknown = JSON.parse(readFileSync(this.file, 'utf8'))
      if (isRecord(content)) return content
      throw new TypeError('it is not what an update writes.')
    } catch (error) {
      throw new UpdateJournalError(this.file, error)
    }
  }

  remove(): void {
    removeDurably(this.file)
  }
}

/** The names of the modules whose update has not ended. */
export function unfinishedUpdates(storage: string): string[] {
  const folder = journalsIn(storage)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .sort()
}

/** It is written whole or not at all, by nobody else: what is there tells what the rest is. */
function isRecord(content: unknown): content is UpdateRecord {
  if (typeof content !== 'object' || content === null) return false
  const isText = (name: string) => typeof Reflect.get(content, name) === 'string'
  return (
    ['module', 'folder', 'from', 'backup'].every(isText) && PHASES.includes(Reflect.get(content, 'phase'))
  )
}
