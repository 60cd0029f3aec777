/** @module The reads that the framework does by itself: nobody has written them in a loop. */
import { AsyncLocalStorage } from 'node:async_hooks'

const storage = new AsyncLocalStorage<true>()

/** Runs work whose reads do not count as repeated queries. */
export function asOwnRead<T>(work: () => T): T {
  return storage.run(true, work)
}

export function isOwnRead(): boolean {
  return storage.getStore() === true
}

/** What carries out the statements of a flush; it asks for versions and defaults that the database has given. */
interface Persister {
  executeInserts(...args: never[]): Promise<void>
  executeUpdates(...args: never[]): Promise<void>
  executeDeletes(...args: never[]): Promise<void>
}

const known = new WeakSet<Persister>()

/** Lets the statements of a flush be its own. The hooks of a flush, which are the application's, run outside of them. */
export function ownStatements(persister: Persister): void {
  if (known.has(persister)) return
  known.add(persister)
  for (const name of ['executeInserts', 'executeUpdates', 'executeDeletes'] as const) {
    const execute = persister[name].bind(persister)
    persister[name] = (...args) => asOwnRead(() => execute(...args))
  }
}
