/** @module What the start of an application compares: the ledger with the files, and the models with what was recorded. */
import type { Application } from '../../../application/application.ts'
import { RecordedSchemaError } from '../files/errors.ts'
import { Migrations } from '../migrations.ts'
import { modelsChanged } from './models-changed.ts'
import { pendingMigrations } from './pending-migrations.ts'

export interface Drift {
  readonly pending: readonly string[]
  readonly modelsChanged: boolean
  /** Those whose models have changed since their last migration was written. */
  readonly modules: readonly string[]
  /** What could not be compared: the database is away, or the recorded schema cannot be read. */
  readonly failures: readonly unknown[]
}

/**
 * It never throws: what fails is told with the rest.
 *
 * @param late rejects when nobody waits any longer for the database
 */
export async function findDrift(app: Application, late: Promise<never>): Promise<Drift> {
  const failures: unknown[] = []
  const attempt = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      failures.push(error)
      return undefined
    }
  }
  const found = await attempt(async () => {
    await app.ready(['db'])
    const { files } = app.make(Migrations)
    const connection = app.make('db').connection()
    // The models first: they can be compared also when the database is away.
    const changed = await attempt(() => modelsChanged(connection, files.folder))
    const pending = await attempt(() => Promise.race([pendingMigrations(connection, files), late]))
    return { pending: pending ?? [], modelsChanged: changed ?? false }
  })
  const modules = (await attempt(() => changedModules(app, attempt))) ?? []
  return { ...(found ?? { pending: [], modelsChanged: false }), modules, failures }
}

type Attempt = <T>(work: () => T | Promise<T>) => Promise<T | undefined>

/** Of those that are loaded and have migrations. Theirs are applied when they are loaded: none is pending. */
async function changedModules(app: Application, attempt: Attempt): Promise<string[]> {
  if (!app.has('modules.databases')) return []
  await app.ready(['db', 'modules.databases'])
  const changed: string[] = []
  for (const { module, connection, migrations } of app.make('modules.databases').all()) {
    const hasChanged = await attempt(() => modelsChanged(app.make('db').connection(connection), migrations))
    if (hasChanged) changed.push(module)
  }
  return changed
}

/** What was found, in sentences, and the commands that set it right, in the order to run them. */
export interface DriftWords {
  readonly what: readonly string[]
  readonly commands: readonly string[]
}

export function wordsFor(drift: Drift): DriftWords {
  const { pending, failures } = drift
  const what: string[] = failures
    .filter((failure) => failure instanceof RecordedSchemaError)
    .map(({ message }) => message)
  if (drift.modelsChanged) what.push('The models have changed since the last migration was written.')
  const commands = what.length > 0 ? ['limber db makemigrations --message "…"'] : []
  if (pending.length > 0) {
    const count = pending.length === 1 ? 'A migration is' : `${pending.length} migrations are`
    what.push(`${count} pending: ${pending.join(', ')}.`)
  }
  if (what.length > 0) commands.push('limber db migrate')
  for (const module of drift.modules) {
    what.push(`The models of the module "${module}" have changed since its last migration was written.`)
    commands.push(`limber db makemigrations --module ${module} --message "…"`)
  }
  return { what, commands }
}
