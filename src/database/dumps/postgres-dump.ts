/** @module The copy of a schema of PostgreSQL, by `pg_dump` and `pg_restore`. */
import path from 'node:path'
import { sync } from '../../support/durable-file.ts'
import type { DriverOptions } from '../connections/driver.ts'
import { countRows, type Dumper, type DumpTarget, unchanged, withConnection } from './dump-target.ts'
import { DumpProgramMissingError } from './errors.ts'
import { runProgram } from './run-program.ts'
import { type TlsFiles, tlsFiles } from './tls-files.ts'

const FILE = 'database.dump'

/** Whoever may not do that could drop the schema, and not make it again. */
const RIGHTS = `select has_database_privilege(current_database(), 'CREATE') as "mayCreate",
  coalesce((select pg_has_role(nspowner, 'USAGE') from pg_namespace where nspname = ?), true) as "isOwner"`

export const postgresDump: Dumper = {
  async check(target) {
    for (const name of ['pg_dump', 'pg_restore']) await execute(target, name, ['--version'])
    const schema = schemaOf(await target.driver.load(target.root))
    const [rights] = await withConnection(target, (connection) => connection.execute(RIGHTS, [schema]))
    if (rights?.mayCreate && rights.isOwner) return
    throw new Error(`its user has to own the schema "${schema}", and to have the right to create schemas.`)
  },

  async dump(target, folder) {
    const schema = schemaOf(await target.driver.load(target.root))
    const count = () => withConnection(target, (connection) => countIn(connection))
    const before = await count()
    const file = path.join(folder, FILE)
    const pattern = `--schema="${schema}"`
    await execute(target, 'pg_dump', ['--format=custom', '--no-password', pattern, `--file=${file}`])
    await execute(target, 'pg_restore', ['--list', file])
    sync(file)
    return { dialect: 'postgres', file: FILE, tables: unchanged(before, await count()) }
  },

  async restore(target, folder, { file }) {
    const options = await target.driver.load(target.root)
    const schema = schemaOf(options)
    await withConnection(target, (connection) =>
      connection.execute(`drop schema if exists "${schema}" cascade`),
    )
    if (file === undefined) return
    await execute(target, 'pg_restore', [
      '--single-transaction',
      '--exit-on-error',
      '--no-password',
      `--dbname=${options.dbName}`,
      path.join(folder, file),
    ])
  },
}

function countIn(connection: Parameters<typeof countRows>[1]) {
  return connection.exclusive((run) => countRows(run, connection))
}

function schemaOf({ schema = 'public' }: DriverOptions): string {
  return schema
}

async function execute(target: DumpTarget, name: string, argv: readonly string[]): Promise<void> {
  const options = await target.driver.load(target.root)
  using tls = tlsFiles(options)
  const { password } = options
  const secret = typeof password === 'string' ? password : undefined
  const done = await runProgram({
    names: [name],
    argv,
    password: secret,
    variables: {
      PGHOST: options.host ?? '127.0.0.1',
      PGPORT: String(options.port ?? 5432),
      PGDATABASE: String(options.dbName),
      PGPASSWORD: secret,
      PGCONNECT_TIMEOUT: '10',
      PGSERVICE: undefined,
      PGOPTIONS: undefined,
      ...(options.user ? { PGUSER: options.user } : {}),
      ...encryption(tls),
    },
  })
  if (done === undefined) throw new DumpProgramMissingError([name], target.driver.label)
}

function encryption({ mode, ca, cert, key }: TlsFiles): Record<string, string> {
  if (mode === 'off') return {}
  return {
    PGSSLMODE: mode === 'checked' ? 'verify-full' : 'require',
    // Without one of its own, the client is to trust whom the system trusts.
    ...(mode === 'checked' ? { PGSSLROOTCERT: ca ?? 'system' } : {}),
    ...(cert ? { PGSSLCERT: cert } : {}),
    ...(key ? { PGSSLKEY: key } : {}),
  }
}
