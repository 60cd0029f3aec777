/** @module The schemas that modules have in a PostgreSQL database, and how a connection goes from one to another. */
import { codeOf } from '../../support/code-of.ts'
import type { ModulePlaces } from '../server/module-place.ts'
import { quoteName } from './quote-name.ts'

interface Client {
  query(sql: string): Promise<unknown>
  release(error?: Error): void
}

interface Pool {
  connect(): Promise<Client>
}

export const MODULE_SCHEMAS: ModulePlaces = {
  longest: 63,
  of(target, module) {
    const schema = `module_${module.replaceAll('-', '_')}`
    return { place: schema, target: { ...target, schema } }
  },
  title: (schema) => `the schema "${schema}"`,
  async find(run, schema) {
    const sql = "select has_schema_privilege(oid, 'usage') as is_ours from pg_namespace where nspname = $1"
    const [found] = await run(sql, [schema])
    return found && found.is_ours === true
  },
  // "if not exists" asks for the right to create schemas also where it exists, and does not help two who begin at once.
  create: (schema) => `create schema ${quoteName(schema)}`,
  grant(schema, user, isThere) {
    const name = quoteName(schema)
    const role = user === undefined ? 'current_user' : quoteName(user)
    return isThere
      ? `grant usage, create on schema ${name} to ${role}`
      : `create schema ${name} authorization ${role}`
  },
  isRefused: (error) => codeOf(error) === '42501',
  enter(pool, wantedPlace) {
    // It is the pool of pg that the ORM has made.
    const real = pool as Pool
    const connect = real.connect.bind(real)
    const placeOf = new WeakMap<Client, string | undefined>()
    real.connect = async () => {
      const place = wantedPlace()
      const client = await connect()
      try {
        if (!placeOf.has(client) || placeOf.get(client) !== place) await move(client, place, placeOf)
        return client
      } catch (error) {
        client.release(error instanceof Error ? error : new Error(String(error)))
        throw error
      }
    }
  },
}

/** Nothing of the module that had it before stays: settings, temporary tables, locks of the session. */
async function move(
  client: Client,
  place: string | undefined,
  placeOf: WeakMap<Client, string | undefined>,
): Promise<void> {
  if (placeOf.has(client)) await discard(client)
  placeOf.delete(client)
  // Only that schema: what is in those of the application and of other modules has to be asked for by its full name.
  if (place !== undefined) await client.query(`set search_path to ${quoteName(place)}`)
  placeOf.set(client, place)
}

async function discard(client: Client): Promise<void> {
  try {
    await client.query('discard all')
  } catch (error) {
    // It was given back in a transaction.
    if (!['25001', '25P02'].includes(String(codeOf(error)))) throw error
    await client.query('rollback')
    await client.query('discard all')
  }
}
