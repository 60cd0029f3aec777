import { describe, expect, it, onTestFinished } from 'vitest'
import { administer, isThere, MARIADB, POSTGRES, type Server } from '../support/servers.ts'
import { type ModulesApplication, NAMES, openApplication, openOn } from './support/modules.ts'

interface Kind {
  readonly title: string
  open(): Promise<ModulesApplication>
}

const onServer = (server: Server): Kind => ({
  title: server.title,
  async open() {
    const opened = await openOn(server)
    dropModules(server, opened.database, NAMES)
    return opened
  },
})

/** The databases of modules on MariaDB are beside that of the application. */
export function dropModules(server: Server, database: string, modules: readonly string[]): void {
  if (server === POSTGRES) return
  const names = modules.map((name) => `${database}_module_${name.replaceAll('-', '_')}`)
  onTestFinished(() => administer(server, ...names.map((name) => `drop database if exists \`${name}\``)))
}

const kinds: Kind[] = [{ title: 'SQLite', open: () => openApplication() }]
for (const server of [POSTGRES, MARIADB]) if (await isThere(server)) kinds.push(onServer(server))

describe.each(kinds)('eight modules on $title', ({ open }) => {
  it('each have a table of the same name, and see only their own rows', async () => {
    const { app, add } = await open()
    const modules = await Promise.all(NAMES.map((name) => add(name)))
    await Promise.all(
      modules.map(({ model }, index) =>
        app.scope(async () => {
          await model.create({ owner: NAMES[index] ?? '', amount: index })
        }),
      ),
    )
    for (const [index, { name, model, connection }] of modules.entries()) {
      expect(await connection.execute('select owner, amount from points')).toEqual([
        { owner: NAMES[index], amount: index },
      ])
      await app.scope(async () => {
        expect(await model.all()).toHaveLength(1)
        const session = app.make('db.sessions').get(name)
        expect(await session.execute('select owner from points')).toEqual([{ owner: NAMES[index] }])
      })
    }
  })
})
