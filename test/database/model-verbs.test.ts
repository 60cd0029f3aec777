import { defineEntity, p } from '@mikro-orm/core'
import type { Lazy } from 'limber'
import { fromUrl, KeyedModel, Model } from 'limber/database'
import { Entity, ManyToOne, PrimaryKey, PrimaryKeyProp, Property, type Ref } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary, openRaw } from './support/library-application.ts'

@Entity()
class Note extends Model {
  static override timestamps = true
  static override fillable = ['text', 'author']

  @Property()
  text!: string

  @Property({ nullable: true })
  secret?: string

  @ManyToOne(() => Author, { ref: true, nullable: true })
  author?: Ref<Author>

  declare readonly createdAt?: Date
  declare readonly updatedAt?: Date
}

@Entity()
class Country extends KeyedModel {
  declare [PrimaryKeyProp]?: 'code'

  @PrimaryKey({ type: 'string' })
  code!: string

  @Property()
  name!: string
}

@Entity()
class Visit extends Model {
  static override connection = 'archive'

  @Property()
  place!: string
}

class Room extends Model {
  name!: string
}
const RoomSchema = defineEntity({
  class: Room,
  properties: { id: p.integer().primary(), name: p.string() },
})

const models: Lazy[] = [Author, Book, Note, Country, async () => ({ RoomSchema })]

const library = async () => {
  const opened = await openLibrary({ models })
  await opened.app.scope(async () => {
    const author = await Author.create({ name: 'Mary Shelley' })
    for (const title of ['Frankenstein', 'The Last Man', 'Mathilda']) await Book.create({ title, author })
  })
  return opened
}

describe('the statics of a model', () => {
  it('read in the session of the scope', async () => {
    const { app } = await library()
    await app.scope(async () => {
      const session = app.make('db.session')
      expect(await Book.get(2)).toBe(await session.findOne(Book, 2))
      expect(await Book.get(9)).toBeNull()
      expect((await Book.first())?.id).toBe(1)
      expect((await Book.all()).map(({ id }) => id)).toEqual([1, 2, 3])
      expect(await Book.filter({ title: 'Mathilda' })).toEqual([await Book.getOrFail(3)])
      const [read] = await Book.filter({ id: 1 }, { populate: ['author'] })
      expect(read?.author.$.name).toBe('Mary Shelley')
    })
  })

  it('give null or an error of the kind not-found for a row that is not there', async () => {
    const { app } = await openLibrary()
    await app.scope(async () => {
      expect(await Book.get(9)).toBeNull()
      await expect(Book.getOrFail(9)).rejects.toMatchObject({ code: 'LIMBER_MODEL_NOT_FOUND' })
    })
  })

  it('read by pages, in an order that is always the same', async () => {
    const { app } = await library()
    const titles = async (options: Parameters<typeof Book.filter>[1]) =>
      app.scope(async () => (await Book.filter({}, options)).map(({ title }) => title))
    expect(await titles({ limit: 2 })).toEqual(['Frankenstein', 'The Last Man'])
    expect(await titles({ limit: 2, page: 2 })).toEqual(['Mathilda'])
    expect(await titles({ page: 1 })).toHaveLength(3)
    expect(await titles({ page: 2 })).toEqual([])
    for (const options of [{ page: 0 }, { limit: -1 }, { limit: Number.NaN }, { page: 1.5 }]) {
      await expect(titles(options)).rejects.toMatchObject({ code: 'LIMBER_PAGE', kind: 'invalid' })
    }
  })

  it('refuse to work outside of a scope, with the way to open one', async () => {
    await library()
    const error = await Promise.resolve()
      .then(() => Book.get(1))
      .catch((error: unknown) => error)
    expect(error).toMatchObject({
      code: 'LIMBER_OUTSIDE_SCOPE',
      path: ['Book.get()', '"db.session"'],
      hint: expect.stringContaining('app.scope'),
    })
  })

  it('take a session of their own as the last argument', async () => {
    const { app, titles } = await library()
    const session = app.make('db').openSession()
    const book = await Book.getOrFail(1, session)
    await book.update({ title: 'The Modern Prometheus' }).save()
    const author = await Author.first(session)
    if (author) await Book.create({ title: 'Lodore', author }, session)
    expect(titles()).toEqual(['The Modern Prometheus', 'The Last Man', 'Mathilda', 'Lodore'])
  })

  it('say that a model is not registered', async () => {
    const { app } = await openLibrary()
    const asked = app.scope(() => Country.get('is'))
    await expect(asked).rejects.toMatchObject({
      code: 'LIMBER_MODEL_NOT_REGISTERED',
      message: 'Country is no model of this connection.',
    })
  })

  it('work in two applications at once, each with its own rows', async () => {
    const [north, south] = [await library(), await library()]
    await north.app.scope(async () => {
      await south.app.scope(async () => {
        const book = await Book.getOrFail(1)
        await book.update({ title: 'Southern' }).save()
      })
      const book = await Book.getOrFail(2)
      await book.update({ title: 'Northern' }).save()
    })
    expect(north.titles()).toEqual(['Frankenstein', 'Northern', 'Mathilda'])
    expect(south.titles()).toEqual(['Southern', 'The Last Man', 'Mathilda'])
  })
})

describe('a row', () => {
  it('is created, changed and deleted in the transaction of its scope', async () => {
    const { app, titles } = await library()
    const failing = app.scope(async () => {
      const book = await Book.getOrFail(1)
      await book.update({ title: 'changed' }).save()
      await Book.create({ title: 'new', author: book.author })
      await (await Book.getOrFail(2)).forceDestroy()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(titles()).toEqual(['Frankenstein', 'The Last Man', 'Mathilda'])
  })

  it('has its key as soon as it is created', async () => {
    const { app } = await library()
    await app.scope(async () => {
      const book = await Book.create({ title: 'Lodore', author: 1 })
      expect(book.id).toBe(4)
    })
  })

  it('goes to the trash, comes back, and is deleted for good', async () => {
    const { app, rows, titles } = await library()
    await app.scope(async () => {
      const book = await Book.getOrFail(1)
      await book.destroy()
      expect(await Book.get(1)).toBeNull()
      expect(await Book.filter({}, { onlyTrashed: true })).toEqual([book])
    })
    expect(rows('select id from book where deleted_at is not null')).toEqual([{ id: 1 }])
    await app.scope(async () => {
      const [book] = await Book.filter({ id: 1 }, { withTrashed: true })
      expect(await book?.restore()).toBe(true)
      expect(await book?.restore()).toBe(false)
    })
    expect(rows('select id from book where deleted_at is not null')).toEqual([])
    await app.scope(async () => (await Book.getOrFail(1)).forceDestroy())
    expect(titles()).toEqual(['The Last Man', 'Mathilda'])
  })

  it('is saved in the scope that uses it when its own is over', async () => {
    const { app, titles } = await library()
    const book = await app.scope(() => Book.getOrFail(1))
    await app.scope(() => book.update({ title: 'later' }).save())
    expect(titles()[0]).toBe('later')
  })

  it('made by hand is inserted by save', async () => {
    const { app, rows } = await library()
    await app.scope(() => Object.assign(new Country(), { code: 'is', name: 'Iceland' }).save())
    expect(rows('select * from country')).toEqual([{ code: 'is', name: 'Iceland' }])
  })

  it('is read again by refresh, which forgets what was not saved', async () => {
    const { app, raw } = await library()
    await app.scope(async () => {
      const book = await Book.getOrFail(1)
      book.title = 'unsaved'
      raw.exec("update book set title = 'by somebody else' where id = 1")
      expect((await book.refresh()).title).toBe('by somebody else')
    })
  })

  it('of a model that is a schema has the same verbs', async () => {
    const { app, rows } = await library()
    await app.scope(async () => {
      const room = await Room.create({ name: 'attic' })
      await room.update({ name: 'cellar' }).save()
      expect(await Room.all()).toEqual([room])
    })
    expect(rows('select * from room')).toEqual([{ id: 1, name: 'cellar' }])
  })
})

describe('fillable', () => {
  it('refuses every property that is not listed, and lists them all', async () => {
    const { app, rows } = await library()
    const body: Record<string, unknown> = { text: 'x', secret: 'y', id: 7, createdAt: new Date() }
    const creating = app.scope(() => Note.create(body as never))
    await expect(creating).rejects.toMatchObject({
      code: 'LIMBER_FILLABLE',
      kind: 'invalid',
      message: 'Note does not take "secret", "id", "createdAt" from outside.',
      hint: expect.stringContaining('text, author'),
      faults: [{ path: 'secret' }, { path: 'id' }, { path: 'createdAt' }],
    })
    const changing = app.scope(async () => {
      const note = await Note.create({ text: 'x' })
      note.update({ text: 'y', secret: 'z' })
    })
    await expect(changing).rejects.toMatchObject({ code: 'LIMBER_FILLABLE' })
    expect(rows('select * from note')).toEqual([])
  })

  it('without a list leaves the key, the deletion stamp and what is not mapped to the framework', async () => {
    const { app } = await library()
    const body = { title: 'x', author: 1 }
    const extra: [string, unknown][] = [
      ['id', 9],
      ['deletedAt', new Date()],
      ['constructor', 1],
      ['nonsense', 1],
    ]
    for (const [name, value] of extra) {
      const creating = app.scope(() => Book.create({ ...body, [name]: value } as never))
      await expect(creating).rejects.toMatchObject({ faults: [{ path: name }] })
      const changing = app.scope(async () => (await Book.getOrFail(1)).update({ [name]: value } as never))
      await expect(changing).rejects.toMatchObject({ faults: [{ path: name }] })
    }
  })

  it('takes a key that nobody else gives, once', async () => {
    const { app } = await library()
    await app.scope(async () => {
      const iceland = await Country.create({ code: 'is', name: 'Island' })
      expect(await Country.get('is')).toBe(iceland)
      expect(() => iceland.update({ code: 'no' })).toThrow('Country does not take "code" from outside.')
    })
  })
})

describe('timestamps', () => {
  it('are kept by the framework, also when the class does not map them', async () => {
    const { app, rows } = await library()
    const note = await app.scope(() => Note.create({ text: 'x', author: 1 }))
    const [created] = rows('select created_at, updated_at from note')
    expect(created).toEqual({ created_at: note.createdAt?.getTime(), updated_at: note.updatedAt?.getTime() })
    await new Promise((resolve) => setTimeout(resolve, 5))
    await app.scope(async () => (await Note.getOrFail(1)).update({ text: 'y' }).save())
    const [changed] = rows('select created_at, updated_at from note')
    expect(changed?.created_at).toBe(created?.created_at)
    expect(Number(changed?.updated_at)).toBeGreaterThan(Number(created?.updated_at))
    await app.scope(async () => (await Note.getOrFail(1)).save())
    expect(rows('select updated_at from note')).toEqual([{ updated_at: changed?.updated_at ?? null }])
  })
})

describe('a model on another connection', () => {
  const connections = { archive: fromUrl('sqlite:archive.sqlite') }

  it('uses the session of that connection, in the same unit of work', async () => {
    const { app, file, rows } = await openLibrary({ models: [Author, Book, Visit], connections })
    await app.make('db').connection('archive').schema.create()
    const archive = openRaw(file.replace('library', 'archive'))
    await app.scope(async () => {
      await Visit.create({ place: 'Geneva' })
      expect(await Visit.all()).toHaveLength(1)
      expect(app.make('db.sessions').get('archive')).toBe(app.make('db.sessions').get('archive'))
      expect(app.make('db.sessions').get('main')).toBe(app.make('db.session'))
    })
    expect(archive.prepare('select place from visit').all()).toEqual([{ place: 'Geneva' }])
    expect(rows("select name from sqlite_master where name = 'visit'")).toEqual([])
    const failing = app.scope(async () => {
      await Visit.create({ place: 'Pisa' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(archive.prepare('select place from visit').all()).toEqual([{ place: 'Geneva' }])
  })

  it('has no relations to the models of others', async () => {
    @Entity()
    class Stay extends Model {
      @ManyToOne(() => Visit, { ref: true })
      visit!: Ref<Visit>
    }
    await expect(openLibrary({ models: [Stay, Visit], connections })).rejects.toMatchObject({
      code: 'LIMBER_MODEL_FILE',
      message: expect.stringContaining('Visit is on the connection "archive", and a model of "main"'),
    })
  })

  it('that is not configured is refused with its name', async () => {
    const opening = openLibrary({ models: [Visit] })
    await expect(opening).rejects.toMatchObject({ code: 'LIMBER_CONNECTION_NOT_FOUND' })
  })
})
