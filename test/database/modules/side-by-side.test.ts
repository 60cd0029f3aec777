import { afterCommit, ScopeCommitError } from 'limber'
import { describe, expect, it } from 'vitest'
import { Author } from '../fixtures/library.ts'
import { everyKind, NAMES } from './support/modules.ts'

const regret = new Error('regret')

describe.each(await everyKind())('modules on $title', ({ open }) => {
  it('are eight with a table of the same name, and each sees only its own rows', async () => {
    const { app, add } = await open()
    const modules = await Promise.all(NAMES.map((name) => add(name)))
    const create = ({ model }: (typeof modules)[number], index: number) =>
      app.scope(async () => {
        await model.create({ owner: NAMES[index] ?? '', amount: index })
      })
    await Promise.all(modules.map(create))
    for (const [index, { name, model, connection }] of modules.entries()) {
      const row = { owner: NAMES[index], amount: index }
      expect(await connection.execute('select owner, amount from points')).toEqual([row])
      await app.scope(async () => {
        expect(await model.all()).toHaveLength(1)
        const session = app.make('db.sessions').get(name)
        expect(await session.execute('select owner, amount from points')).toEqual([row])
      })
    }
  })

  it('do not see the tables of the application, nor those of each other, nor it theirs', async () => {
    const { app, add } = await open()
    const [one, other] = [await add('alpha'), await add('beta')]
    await other.connection.execute('create table secret (id integer)')
    const missing = { code: 'LIMBER_TABLE_MISSING' }
    await expect(one.connection.execute('select * from book')).rejects.toMatchObject(missing)
    await expect(one.connection.execute('select * from secret')).rejects.toMatchObject(missing)
    await expect(app.make('db.connection').execute('select * from points')).rejects.toMatchObject(missing)
    await app.scope(async () => {
      const session = app.make('db.sessions').get(one.name)
      await expect(session.execute('select * from book')).rejects.toMatchObject(missing)
    })
  })

  it('trash what is deleted in soft-deleted models, and give it back', async () => {
    const { app, add } = await open()
    const { model, connection } = await add('alpha')
    await app.scope(async () => {
      const row = await model.create({ owner: 'Ada', amount: 1 })
      await row.destroy()
    })
    expect(
      await connection.execute('select count(*) as n from points where deleted_at is not null'),
    ).toMatchObject([{ n: expect.toSatisfy((n) => Number(n) === 1) }])
    await app.scope(async () => {
      expect(await model.filter({ owner: 'Ada' })).toEqual([])
      const [trashed] = await model.filter({ owner: 'Ada' }, { withTrashed: true })
      await trashed?.restore()
    })
    await app.scope(async () => expect(await model.filter({ owner: 'Ada' })).toHaveLength(1))
  })

  it('commit with the application in the order of their first write, and run afterCommit behind all', async () => {
    const { app, add } = await open()
    const { model, connection } = await add('alpha')
    const seen: unknown[] = []
    await app.scope(async () => {
      await model.create({ owner: 'Ada', amount: 1 })
      await Author.create({ name: 'Ada' })
      afterCommit(async () => {
        seen.push(await connection.execute('select owner from points'))
        seen.push(await app.make('db.connection').execute('select name from author'))
      })
    })
    expect(seen).toEqual([[{ owner: 'Ada' }], [{ name: 'Ada' }]])
  })

  it('say what had been committed when another connection fails to commit', async () => {
    const { app, add } = await open()
    const { model, connection, name } = await add('alpha')
    const failing = app.scope(async (scope) => {
      await model.create({ owner: 'Ada', amount: 1 })
      const participant = {
        name: 'last',
        commit: () => Promise.reject(regret),
        flush: async () => undefined,
        rollback: async () => undefined,
        close: async () => undefined,
      }
      scope.enlist(participant)
      scope.wrote(participant)
    })
    await expect(failing).rejects.toThrow(ScopeCommitError)
    await expect(failing).rejects.toMatchObject({ message: expect.stringContaining(name) })
    expect(await connection.execute('select owner from points')).toEqual([{ owner: 'Ada' }])
  })

  it('are rolled back with the application', async () => {
    const { app, add } = await open()
    const { model, connection } = await add('alpha')
    const failing = app.scope(async () => {
      await Author.create({ name: 'Ada' })
      await model.create({ owner: 'Ada', amount: 1 })
      throw regret
    })
    await expect(failing).rejects.toBe(regret)
    expect(await connection.execute('select owner from points')).toEqual([])
    expect(await app.make('db.connection').execute('select name from author')).toEqual([])
  })

  it('follow autoCommit of the configuration', async () => {
    const { app, add } = await open({ autoCommit: false })
    const { model, connection, name } = await add('alpha')
    const forgotten = app.scope(async () => {
      app.make('db.sessions').get(name).create(model, { owner: 'Ada', amount: 1 })
    })
    await expect(forgotten).rejects.toMatchObject({ code: 'LIMBER_UNFLUSHED_CHANGES' })
    expect(await connection.execute('select owner from points')).toEqual([])
  })

  it('stream their rows while they go on', async () => {
    const { app, add } = await open()
    const modules = [await add('alpha'), await add('beta')]
    await Promise.all(
      modules.map(({ model, name }) =>
        app.scope(async () => {
          for (let index = 0; index < 20; index++)
            await model.create({ owner: `${name} ${index}`, amount: index })
        }),
      ),
    )
    const owners = await Promise.all(
      modules.map(({ model, name }) =>
        app.scope(async () => {
          const seen: string[] = []
          for await (const row of app.make('db.sessions').get(name).stream(model, {})) seen.push(row.owner)
          return new Set(seen.map((owner) => owner.replace(/ \d+$/, '')))
        }),
      ),
    )
    expect(owners).toEqual(modules.map(({ name }) => new Set([name])))
  })
})
