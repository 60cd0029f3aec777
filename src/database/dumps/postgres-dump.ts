/** @module The copy of a schema of PostgreSQL, by `pg_dump` and `pg_restore`. */
import path from 'node:path'
import { sync } from '../../support/durable-file.ts'
import type { DriverOptions } from '../connections/driver.ts'
import { quoteName } from '../postgres/quote-name.ts'
import { countRows, type Dumper, type DumpTarget, unchanged, withConnection } from './dump-target.ts'
import { DumpProgramMissingError } from './errors.ts'
import { refuseNeighbours } from './postgres-neighbours.ts'
import { runProgram } from './run-program.ts'
import { type TlsFiles, tlsFiles } from './tls-files.ts'

const FILE = 'database.dump'

/** Whoever may not do that could drop the schema, and not make it again. */
const RIGHTS = `select has_database_privilege(current_database(), 'CREATE') as "mayCreate",
  not exists (
    select nspowner as owner from pg_namespace where nspname = ? and not pg_has_role(nspowner, 'USAGE')
    union select relowner from pg_class join pg_namespace own on own.oid = relnamespace
      where nspname = ? and not pg_has_role(relowner, 'USAGE')
    union select proowner from pg_proc join pg_namespace own on own.oid = pronamespace
      where nspname = ? and not pg_has_role(proowner, 'USAGE')
  ) as "isOwner"`

/** A restore that was cut off may still run: told to end, it is waited for where the next one makes the same schema. */
const END_OTHERS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = ? and pid <> pg_backend_pid()`

const appName = (schema: string) => `limber copy of ${schema}`.slice(0, 63)

/** What the client would take from the environment of this process, and the driver does not: another server, even. */
const NOTHING_INHERITED = Object.fromEntries(
  [
    ...['HOSTADDR', 'SERVICE', 'SERVICEFILE', 'OPTIONS', 'CLIENTENCODING', 'TARGETSESSIONATTRS'],
    ...['LOADBALANCEHOSTS', 'CHANNELBINDING', 'REQUIREAUTH', 'REQUIREPEER', 'GSSENCMODE'],
  ].map((name) => [`PG${name}`, undefined]),
)

export const postgresDump: Dumper = {
  async check(target) {
    for (const name of ['pg_dump', 'pg_restore']) await execute(target, name, ['--version'])
    const schema = schemaOf(await target.driver.load(target.root))
    const [rights] = await withConnection(target, async (connection) => {
      await refuseNeighbours(connection, schema)
      return connection.execute(RIGHTS, [schema, schema, schema])
    })
    if (rights?.mayCreate && rights.isOwner) return
    throw new Error(
      `its user has to own the schema "${schema}" with all that is in it, and to have the right to create schemas.`,
    )
  },

  async dump(target, folder) {
    const schema = schemaOf(await target.driver.load(target.root))
    const count = () => withConnection(target, (connection) => countIn(connection))
    const before = await count()
    const file = path.join(folder, FILE)
    const pattern = `--schema=${quoteName(schema)}`
    await execute(target, 'pg_dump', ['--format=custom', '--no-password', pattern, `--file=${file}`])
    await execute(target, 'pg_restore', ['--list', file])
    sync(file)
    return { dialect: 'postgres', file: FILE, tables: unchanged(before, await count()) }
  },

  async restore(target, folder, { file }) {
    const options = await target.driver.load(target.root)
    const schema = schemaOf(options)
    await withConnection(target, async (connection) => {
      await connection.execute(END_OTHERS, [appName(schema)])
      await connection.execute(`drop schema if exists ${quoteName(schema)} cascade`)
    })
    if (file === undefined) return
    // A bare name with "=" in it, or with "://", would be taken for an address.
    const database = String(options.dbName).replace(/['\\]/g, '\\$&')
    const argv = ['--single-transaction', '--exit-on-error', '--no-password', `--dbname=dbname='${database}'`]
    await execute(target, 'pg_restore', argv, path.join(folder, file))
  },
}

function countIn(connection: Parameters<typeof countRows>[1]) {
  return connection.exclusive((run) => countRows(run, connection))
}

function schemaOf({ schema = 'public' }: DriverOptions): string {
  return schema
}

async function execute(
  target: DumpTarget,
  name: string,
  argv: readonly string[],
  input?: string,
): Promise<void> {
  const options = await target.driver.load(target.root)
  using tls = tlsFiles(options)
  const { password } = options
  const secret = typeof password === 'string' ? password : undefined
  const done = await runProgram({
    names: [name],
    argv,
    password: secret,
    ...(input === undefined ? {} : { input }),
    variables: {
      ...NOTHING_INHERITED,
      PGAPPNAME: appName(schemaOf(options)),
      PGHOST: options.host ?? '127.0.0.1',
      PGPORT: String(options.port ?? 5432),
      PGDATABASE: String(options.dbName),
      PGPASSWORD: secret,
      PGCONNECT_TIMEOUT: '10',
      ...(options.user ? { PGUSER: options.user } : {}),
      ...encryption(tls),
    },
  })
  if (done === undefined) throw new DumpProgramMissingError([name], target.driver.label)
}

/** Without settings of TLS, the variables for it are what the driver heeds, too. */
function encryption({ mode, ca, cert, key }: TlsFiles): Record<string, string | undefined> {
  if (mode === 'off') return {}
  return {
    PGSSLMODE: mode === 'checked' ? 'verify-full' : 'require',
    PGSSLROOTCERT: ca,
    PGSSLCERT: cert,
    PGSSLKEY: key,
    PGSSLCRL: undefined,
  }
}
