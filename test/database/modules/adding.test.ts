import { readdirSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import {
  ConnectionClosedError,
  ConnectionNotFoundError,
  ConnectionTakenError,
  connectionNameOf,
  DatabaseOffError,
  fromUrl,
  Model,
  ModelElsewhereError,
  ModelFileError,
  ModelOfModuleError,
  nullDriver,
  sessionScope,
} from 'limber/database'
import { Entity, ManyToOne, Property } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { Author, Book } from '../fixtures/library.ts'
import { everyKind, openApplication, pointsModel } from './support/modules.ts'

const filesBelow = (folder: string) =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
    } catch {
      // It was the one that the folder was read with.
      return false
    }
  })

describe.each(await everyKind())('a connection that is added on $title', ({ open }) => {
  it('is found by its models, and forgotten when it is removed', async () => {
    const { app, add } = await open()
    const { name, model, connection } = await add('alpha')
    expect(app.make('db').connection(name)).toBe(connection)
    await app.scope(() => model.create({ owner: 'Ada' }))
    await app.make('db').remove(name)
    expect(() => app.make('db').connection(name)).toThrow(ConnectionNotFoundError)
    const gone = app.scope(async () => model.all())
    await expect(gone).rejects.toThrow(ModelOfModuleError)
    await expect(gone).rejects.toMatchObject({ message: expect.stringMatching(/Points.*"alpha"/) })
    await expect(connection.execute('select 1')).rejects.toThrow(ConnectionClosedError)
    expect(() => connection.openSession()).toThrow(ConnectionClosedError)
  })

  it('has what was there when it is added again, also with other classes of the same names', async () => {
    const { app, add } = await open()
    const first = await add('alpha')
    await app.scope(() => first.model.create({ owner: 'Ada' }))
    await app.make('db').remove(first.name)
    const second = await add('alpha')
    await app.scope(async () => {
      expect(await second.model.filter({ owner: 'Ada' })).toHaveLength(1)
      await expect((async () => first.model.all())()).rejects.toThrow(ModelOfModuleError)
      const session = app.make('db.sessions').get(second.name)
      await expect((async () => session.find(first.model, {}))()).rejects.toThrow(ModelOfModuleError)
    })
    await app.make('db').remove(second.name)
    const third = await add('alpha', second.model)
    await app.scope(async () => expect(await third.model.all()).toHaveLength(1))
  })

  it('is closed for the scopes that still have a session of it', async () => {
    const { app, add } = await open()
    const { name, model } = await add('alpha')
    await add('beta')
    await app.scope(async () => {
      const session = app.make('db.sessions').get(name)
      const row = await model.first()
      expect(row).toBe(null)
      await app.make('db').remove(name)
      await expect((async () => session.find(model, {}))()).rejects.toThrow(ConnectionClosedError)
      await expect((async () => session.execute('select 1'))()).rejects.toThrow(ConnectionClosedError)
      expect(() => app.make('db.sessions').get(name)).toThrow(ConnectionNotFoundError)
    })
  })

  it('leaves no connection and no file open, however often it comes and goes', async () => {
    const { app, add, root } = await open()
    const model = pointsModel()
    const before = filesBelow(root)
    for (let round = 0; round < 50; round++) {
      const { name } = await add('alpha', round % 2 === 0 ? model : pointsModel())
      await app.make('db').remove(name)
    }
    expect(filesBelow(root)).toEqual(before)
  }, 120_000)
})

describe('db.add()', () => {
  it('refuses a name that is taken, also by one that is being opened', async () => {
    const { app, root } = await openApplication()
    const db = app.make('db')
    const driver = fromUrl(`sqlite:${path.join(root, 'a.sqlite')}`)
    await expect(db.add({ name: 'main', driver, models: [] })).rejects.toThrow(ConnectionTakenError)
    const twice = await Promise.allSettled([1, 2].map(() => db.add({ name: 'a', driver, models: [] })))
    expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect(db.add({ name: 'a', driver, models: [] })).rejects.toThrow(ConnectionTakenError)
  })

  it('leaves nothing behind when it fails', async () => {
    const { app, root, add } = await openApplication()
    const db = app.make('db')
    const driver = fromUrl(`sqlite:${path.join(root, 'a.sqlite')}`)
    class NoModel {}
    const request = { name: connectionNameOf('alpha'), driver, module: 'alpha' }
    const failing = db.add({ ...request, models: [NoModel] })
    await expect(failing).rejects.toThrow(ModelFileError)
    await expect(failing).rejects.toThrow(/the module "alpha"/)
    await expect(db.add({ ...request, driver: nullDriver(), models: [] })).rejects.toThrow(DatabaseOffError)
    const unreadable = fromUrl('sqlite:/proc/nowhere/a.sqlite')
    await expect(db.add({ ...request, driver: unreadable, models: [] })).rejects.toMatchObject({
      code: 'LIMBER_DATABASE_FILE',
    })
    expect(() => db.connection(request.name)).toThrow(ConnectionNotFoundError)
    expect((await add('alpha')).connection.name).toBe(request.name)
  })

  it('refuses models of other connections, and relations to them', async () => {
    const { app, root, add } = await openApplication()
    const db = app.make('db')
    const alpha = await add('alpha')
    @Entity()
    class Review extends Model {
      @Property()
      text!: string

      @ManyToOne(() => Book)
      book!: Book
    }
    @Entity()
    class Prize extends Model {
      @ManyToOne(() => alpha.model)
      points!: InstanceType<typeof alpha.model>
    }
    const driver = fromUrl(`sqlite:${path.join(root, 'b.sqlite')}`)
    for (const [model, home] of [
      [Review, 'main'],
      [Prize, 'modules.alpha'],
      [Author, 'main'],
    ] as const) {
      const adding = db.add({ name: 'modules.beta', driver, models: [model], module: 'beta' })
      await expect(adding).rejects.toThrow(ModelFileError)
      await expect(adding).rejects.toThrow(`"${home}"`)
    }
    await app.scope(async () => {
      await Author.create({ name: 'Ada' })
      await alpha.model.create({ owner: 'Ada' })
    })
    await app.scope(async () => expect(await Author.all()).toHaveLength(1))
    expect(() => db.connection('modules.beta')).toThrow(ConnectionNotFoundError)
  })

  it('opens an empty database in memory where the databases of the application are for tests', async () => {
    const { add, root } = await openApplication({ scratch: true })
    const { connection } = await add('alpha')
    expect(await connection.execute('select * from points')).toEqual([])
    expect(filesBelow(path.join(root, 'modules'))).toEqual([])
  })

  it('works beside a default connection that is switched off', async () => {
    const { app, add } = await openApplication({ main: nullDriver(), database: 'files' })
    const { name, model } = await add('alpha')
    await app.scope(async () => {
      await model.create({ owner: 'Ada' })
      expect(await app.make('db.sessions').get(name).execute('select owner from points')).toEqual([
        { owner: 'Ada' },
      ])
      expect(() => app.make('db.sessions').get('main')).toThrow(DatabaseOffError)
    })
    await sessionScope((session) => session.execute('delete from points'), { connection: name })
    await app.make('db').transaction((session) => session.execute('select 1'), { connection: name })
  })
})

describe('a session', () => {
  it('refuses models of other connections, also where it has one of that name', async () => {
    const { app, add } = await openApplication()
    const [one, other] = [await add('alpha'), await add('beta')]
    await app.scope(async () => {
      const session = app.make('db.sessions').get(one.name)
      const asking = [
        () => session.find(Book, {}),
        () => session.find(other.model, {}),
        () => session.findOne(other.model, 1),
        () => session.count(other.model),
        () => session.nativeDelete(other.model, {}),
        () => session.createQueryBuilder(other.model).execute(),
        () => session.create(other.model, { owner: 'Ada' }),
        () => app.make('db.session').find(one.model, {}),
      ]
      for (const ask of asking) {
        const asked = (async () => ask())()
        await expect(asked).rejects.toThrow(ModelElsewhereError)
      }
      const book = (async () => session.find(Book, {}))()
      await expect(book).rejects.toThrow('Book is on the connection "main", and a session of "modules.alpha"')
      await other.model.create({ owner: 'Ada' })
    })
    await app.scope(async () => expect(await other.model.all()).toHaveLength(1))
  })
})

describe('the models of a module', () => {
  it('are those of each of two applications in one process', async () => {
    const model = pointsModel()
    const [one, other] = [await openApplication(), await openApplication()]
    await one.add('alpha', model)
    await other.add('beta', model)
    await one.app.scope(() => model.create({ owner: 'Ada' }))
    await other.app.scope(async () => expect(await model.all()).toEqual([]))
    await one.app.scope(async () => {
      const [row] = await model.all()
      await row?.update({ amount: 3 }).save()
    })
    await one.app.make('db').remove('modules.alpha')
    await other.app.scope(() => model.create({ owner: 'Bob' }))
    await expect(one.app.scope(async () => model.all())).rejects.toThrow(ModelOfModuleError)
  })
})
