/** @module The copy of a database of MariaDB or MySQL, by the dump program of the server's kind. */
import path from 'node:path'
import { sync } from '../../support/durable-file.ts'
import type { Connection } from '../connections/connection.ts'
import { countRows, type Dumper, type DumpTarget, unchanged, withConnection } from './dump-target.ts'
import { DumpProgramMissingError } from './errors.ts'
import { refuseStrangers } from './mysql-definers.ts'
import { runProgram } from './run-program.ts'
import { type TlsFiles, tlsFiles } from './tls-files.ts'

const FILE = 'database.sql'

interface Place {
  readonly database: string
  readonly isMaria: boolean
  readonly characterSet: string
  readonly collation: string
}

const PLACE = `select schema_name as name, version() as version, default_character_set_name as charset,
  default_collation_name as collation from information_schema.schemata where schema_name = schema()`

const WHOLE = [
  '--single-transaction',
  '--routines',
  '--triggers',
  '--events',
  '--hex-blob',
  '--no-tablespaces',
]

export const mysqlDump: Dumper = {
  async check(target) {
    const place = await withConnection(target, async (connection) => {
      await refuseStrangers(connection)
      return placeOf(connection)
    })
    for (const names of [dumpers(place), clients(place)]) await execute(target, place, names, ['--version'])
  },

  async dump(target, folder) {
    const place = await withConnection(target, placeOf)
    const count = () =>
      withConnection(target, (connection) => connection.exclusive((run) => countRows(run, connection)))
    const before = await count()
    const file = path.join(folder, FILE)
    await execute(target, place, dumpers(place), [...WHOLE, `--result-file=${file}`, '--', place.database])
    sync(file)
    const { characterSet, collation } = place
    return { dialect: 'mysql', file: FILE, tables: unchanged(before, await count()), characterSet, collation }
  },

  async restore(target, folder, { file, characterSet = 'utf8mb4', collation }) {
    const { dbName } = await target.driver.load(target.root)
    const name = `\`${dbName.replaceAll('`', '``')}\``
    const { runOn } = await import('../server/temporary-database.ts')
    // Dropped by whoever was killed here before, it cannot be connected to.
    const onServer = {
      ...(await target.driver.load(target.root)),
      dbName: 'information_schema',
      replicas: [],
    }
    await runOn(onServer, `drop database if exists ${name}`)
    await runOn(
      onServer,
      `create database ${name} character set ${characterSet}${collation ? ` collate ${collation}` : ''}`,
    )
    if (file === undefined) return
    const place = await withConnection(target, placeOf)
    await execute(target, place, clients(place), ['--', place.database], path.join(folder, file))
  },
}

async function placeOf(connection: Connection): Promise<Place> {
  const [row] = await connection.execute(PLACE)
  if (!row) throw new Error('it is not there.')
  return {
    database: String(row.name),
    isMaria: /mariadb/i.test(String(row.version)),
    characterSet: String(row.charset),
    collation: String(row.collation),
  }
}

const dumpers = ({ isMaria }: Place) => (isMaria ? ['mariadb-dump', 'mysqldump'] : ['mysqldump'])
const clients = ({ isMaria }: Place) => (isMaria ? ['mariadb', 'mysql'] : ['mysql'])

async function execute(
  target: DumpTarget,
  place: Place,
  names: readonly string[],
  argv: readonly string[],
  input?: string,
): Promise<void> {
  const options = await target.driver.load(target.root)
  using tls = tlsFiles(options)
  const secret = typeof options.password === 'string' ? options.password : undefined
  const address = [
    '--no-defaults',
    '--protocol=tcp',
    `--host=${options.host ?? '127.0.0.1'}`,
    `--port=${options.port ?? 3306}`,
    ...(options.user ? [`--user=${options.user}`] : []),
    '--default-character-set=utf8mb4',
    ...encryption(tls, place),
  ]
  const done = await runProgram({
    names,
    argv: [...address, ...argv],
    password: secret,
    variables: { MYSQL_PWD: secret },
    ...(input === undefined ? {} : { input }),
  })
  if (done === undefined) throw new DumpProgramMissingError(names, target.driver.label)
}

function encryption({ mode, ca, cert, key }: TlsFiles, { isMaria }: Place): string[] {
  if (mode === 'off') return []
  const check = isMaria
    ? ['--ssl', ...(mode === 'checked' ? ['--ssl-verify-server-cert'] : [])]
    : [`--ssl-mode=${mode === 'checked' ? 'VERIFY_IDENTITY' : 'REQUIRED'}`]
  const files = Object.entries({ ca, cert, key }).flatMap(([name, file]) =>
    file ? [`--ssl-${name}=${file}`] : [],
  )
  return [...check, ...files]
}
