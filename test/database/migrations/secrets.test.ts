import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { POSTGRES_PROGRAMS, privatePostgres } from '../../support/private-postgres.ts'
import type { PrivateServer } from '../../support/private-server.ts'
import type { Ended } from '../../support/run-limber.ts'
import { areInstalled } from '../../support/server-process.ts'
import { administer, isThere, MARIADB, ownDatabase, type Server, serverOf } from '../support/servers.ts'
import { MigratingApp, migration, run } from './support/migrating-app.ts'
import { urlOf } from './support/own-databases.ts'

/** Stands in each password as it is, in whatever way the rest of it is written. */
const SECRET = 'Quagga7Okapi'
const PLAIN = ['plain', SECRET] as const
const ESCAPED = ['with signs that a URL escapes', `${SECRET}@/?#%:ü ${SECRET}`] as const
/** The second says more; each takes dozens of processes. */
const isShort = process.env.CI !== undefined && process.env.LIMBER_TEST_DEEP !== '1'
const PASSWORDS = isShort ? [ESCAPED] : [PLAIN, ESCAPED]

const FIRST = '20260101000001_shelves'
const SECOND = '20260101000002_fails'
const SHELVES = migration('CreateShelves', run('create table shelf (id integer primary key)'), {
  down: run('drop table shelf'),
})
const FAILS = migration('Fails', run('insert into nowhere values (1)'))
const BOOK = `
import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
@Entity()
export class Book extends Model {
  @Property()
  title!: string
}
`

/** Those that only look, and those that change something. */
const COMMANDS: readonly (readonly string[])[] = [
  ['status'],
  ['check'],
  ['check', '--json'],
  ['sql'],
  ['migrate', '--dry-run'],
  ['migrate'],
  ['verify'],
  ['makemigrations', '--message', 'create book'],
  ['rollback'],
]

/** An application that says as much as it can, at the address of a database of the user with this password. */
function talkativeApp(url: string, migrations: Readonly<Record<string, string>>) {
  const files = { 'config/log.ts': "export default { level: 'trace' }" }
  return new MigratingApp({ url, migrations, files, models: { book: BOOK } })
}

async function userWith(server: Server, password: string): Promise<{ database: string; user: string }> {
  const user = `limber_user_${randomBytes(4).toString('hex')}`
  const isPostgres = server.url.startsWith('postgres')
  const quoted = `'${password}'`
  onTestFinished(() => administer(server, `drop ${isPostgres ? 'role' : 'user'} if exists ${user}`))
  const database = await ownDatabase(server)
  const statements = isPostgres
    ? [`create role ${user} login createdb password ${quoted}`, `alter database ${database} owner to ${user}`]
    : [`create user ${user} identified by ${quoted}`, `grant all on *.* to ${user}`]
  await administer(server, ...statements)
  return { database, user }
}

/** Whatever the process has said, on whichever stream. */
function expectNoSecret(command: readonly string[], { stdout, stderr }: Ended): string {
  const said = `${stdout}${stderr}`
  // Comparing by hand: a message that shows the difference would show it in full.
  expect(said.includes(SECRET), `limber ${command.join(' ')} shows the password:\n${said}`).toBe(false)
  return said
}

function promisesOf(title: string, server: () => Server): void {
  describe.each(PASSWORDS)(`a password of ${title}, %s,`, (_, password) => {
    it('is in the output of no command', { timeout: 300_000 }, async () => {
      const { database, user } = await userWith(server(), password)
      const app = talkativeApp(urlOf(server(), database, user, password), { [FIRST]: SHELVES })
      for (const command of COMMANDS) {
        const ended = await app.run(['db', ...command])
        const said = expectNoSecret(command, ended)
        // The right password leads in, and there is such a command.
        if (command[0] === 'migrate') expect(said).toContain('"msg":"query"')
        expect(said).not.toMatch(/LIMBER_DATABASE_UNAVAILABLE|LIMBER_UNKNOWN_(COMMAND|OPTION)/)
      }
    })

    it('is in the message of no failing statement', { timeout: 300_000 }, async () => {
      const { database, user } = await userWith(server(), password)
      const url = urlOf(server(), database, user, password)
      const app = talkativeApp(url, { [FIRST]: SHELVES, [SECOND]: FAILS })
      for (const command of [['migrate'], ['verify'], ['check'], ['status']]) {
        const said = expectNoSecret(command, await app.run(['db', ...command]))
        if (command[0] === 'migrate') expect(said).toContain('nowhere')
      }
    })

    it('is in no message about a server that refuses it, or that is away', { timeout: 300_000 }, async () => {
      const { database, user } = await userWith(server(), `not ${password}`)
      const refused = urlOf(server(), database, user, password)
      const away = new URL(refused)
      away.port = '1'
      const unreadable = refused.replace(/@([^@]*)$/, ':x@$1/what#$1')
      for (const url of [refused, away.href, unreadable]) {
        const app = talkativeApp(url, { [FIRST]: SHELVES })
        for (const command of [['migrate'], ['status'], ['check'], ['check', '--json']]) {
          const ended = await app.run(['db', ...command])
          expectNoSecret(command, ended)
          expect(ended.code).not.toBe(0)
          expect(`${ended.stdout}${ended.stderr}`).not.toBe('')
        }
      }
    })
  })
}

if (await isThere(MARIADB)) promisesOf(MARIADB.title, () => MARIADB)

// In CI one server has to do: what is printed is the same.
if (!isShort && areInstalled(...POSTGRES_PROGRAMS)) {
  // One that looks at passwords, which the one of the machine need not do.
  let server: PrivateServer
  beforeAll(async () => {
    server = await privatePostgres()
  })
  afterAll(() => server.remove())
  promisesOf('PostgreSQL', () => serverOf(server))
}
