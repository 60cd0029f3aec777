/** @module A server that modules share: one pool, and a place for each. */
import { LimberError } from '../../errors/limber-error.ts'
import type { Driver, DriverOptions, SharedServer } from '../connections/driver.ts'
import { DatabaseUnavailableError } from '../errors.ts'
import { ModuleDatabaseNameError, ModuleDatabaseRefusedError } from '../modules/errors.ts'
import type { ModulePlaces } from './module-place.ts'
import type { NamedTarget } from './server-target.ts'
import type { SharedPool } from './shared-pool.ts'

const USERS = 'all modules'

/** What a driver of the server tells about itself. */
interface SharedFacts {
  readonly target: NamedTarget
  readonly places: ModulePlaces
  /** A driver for a place of the server, with a pool of its own. */
  driver(target: NamedTarget): Driver
}

export function sharedServer(facts: SharedFacts): SharedServer {
  const holder = new PoolHolder(facts)
  return {
    driverFor: (module) => moduleDriver(facts, holder, module),
    close: () => holder.end(),
  }
}

/** Opens the pool for the first who wants it, and ends it behind the last. */
class PoolHolder {
  readonly #facts: SharedFacts
  readonly #users = new Set<object>()
  #pool: Promise<SharedPool> | undefined
  #ending: Promise<void> | undefined

  constructor(facts: SharedFacts) {
    this.#facts = facts
  }

  async hold(user: object): Promise<SharedPool> {
    this.#users.add(user)
    // Two pools at once would be more connections than there may be.
    await this.#ending
    this.#pool ??= this.#open()
    return this.#pool
  }

  async release(user: object): Promise<void> {
    if (this.#users.delete(user) && this.#users.size === 0) await this.end()
  }

  async end(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    if (!pool) return this.#ending
    this.#ending = pool.then((opened) => opened.end())
    await this.#ending
  }

  async #open(): Promise<SharedPool> {
    const { SharedPool: Pool } = await import('./shared-pool.ts')
    const { target, places, driver } = this.#facts
    const own = { ...driver(target), poolUsers: USERS }
    try {
      return await Pool.open(await own.load(''), places.enter, own)
    } catch (error) {
      this.#pool = undefined
      throw error
    }
  }
}

function moduleDriver(facts: SharedFacts, holder: PoolHolder, module: string): Driver {
  const { place, target } = facts.places.of(facts.target, module)
  const { longest } = facts.places
  if (place.length > longest) {
    const reason = `${facts.places.title(place)} would have ${place.length} characters, and there may be ${longest}.`
    throw new ModuleDatabaseNameError(
      module,
      reason,
      'Give the module, or the database it is on, a shorter name.',
    )
  }
  const own = facts.driver(target)
  const user = {}
  return {
    ...own,
    label: target.schema ? `${own.label} (schema ${target.schema})` : own.label,
    poolUsers: USERS,
    scratch: () => scratchOf(facts, own, place),
    alone: () => own,
    async load(root) {
      try {
        const pool = await holder.hold(user)
        await makePlace(facts, pool, place, own)
        return lendTo(await own.load(root), pool, place, module)
      } catch (error) {
        await holder.release(user)
        throw error
      }
    },
    release: () => holder.release(user),
  }
}

/** A database for a while has the place of the module in it, where that is a schema. */
function scratchOf({ places, target: base }: SharedFacts, own: Driver, place: string): Driver {
  const scratch = own.scratch()
  if (places.of(base, 'x').target.schema === undefined) return scratch
  return {
    ...scratch,
    scratch: () => scratchOf({ places, target: base, driver: () => own }, own, place),
    async load(root) {
      const options = await scratch.load(root)
      const { runOn } = await import('./temporary-database.ts')
      await runOn(options, places.create(place))
      return options
    },
  }
}

function lendTo(options: DriverOptions, pool: SharedPool, place: string, module: string): DriverOptions {
  const { onCreateConnection: _, driver: Base, ...others } = options
  class ModuleDriver extends Base {
    constructor(...args: ConstructorParameters<typeof Base>) {
      super(...args)
      // Of a driver for SQL, which is the only kind there is here.
      const { connection } = this as unknown as { connection: Parameters<SharedPool['lend']>[0] }
      pool.lend(connection, place, module)
    }
  }
  return { ...others, driver: ModuleDriver }
}

/** Another process may be making it at the same time. */
async function makePlace(facts: SharedFacts, pool: SharedPool, place: string, own: Driver): Promise<void> {
  const { places, target } = facts
  const refuse = (isThere: boolean, cause?: unknown) =>
    new ModuleDatabaseRefusedError(
      places.title(place),
      own.label,
      places.grant(place, target.user, isThere),
      cause,
    )
  try {
    await pool.onServer(async (run) => {
      const found = await places.find(run, place)
      if (found === false) throw refuse(true)
      if (found) return
      try {
        await run(places.create(place))
      } catch (error) {
        if (error instanceof Error && places.isRefused(error)) throw refuse(false, error)
        if (!(await places.find(run, place))) throw error
      }
    })
  } catch (error) {
    if (error instanceof LimberError || !(error instanceof Error) || !own.isUnavailable(error)) throw error
    throw new DatabaseUnavailableError(own.label, error, own.advise?.(error))
  }
}
