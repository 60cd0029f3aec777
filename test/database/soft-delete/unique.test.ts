/** Unique properties of soft-deleted models are unique among live rows, on every database. */
import type { Session } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Country, Edition, Profile, Tag } from './models.ts'
import type { World } from './world.ts'

const addTag = ({ scope }: World, name: string) =>
  scope(async (session) => {
    session.create(Tag, { name })
  })
const trashTags = ({ scope }: World) => scope((session) => session.nativeDelete(Tag, {}))
const addAuthor = (session: Session, name: string, email: string | null) =>
  session.create(Author, { name, email })
const UNIQUE = { code: 'LIMBER_UNIQUE_VIOLATION' }

await describePath('unique properties', {
  async 'no two live rows have the same value'(world) {
    await addTag(world, 'x')
    await expect(addTag(world, 'x')).rejects.toMatchObject(UNIQUE)
    expect(await world.live('tag', 'name')).toEqual(['x'])
  },

  async 'a value is free again when its row is in the trash'(world) {
    await addTag(world, 'x')
    await trashTags(world)
    await addTag(world, 'x')
    expect(await world.live('tag', 'name')).toEqual(['x'])
    expect(await world.trashed('tag', 'name')).toEqual(['x'])
  },

  async 'any number of rows in the trash have the same value'(world) {
    for (const _ of [1, 2, 3]) {
      await addTag(world, 'x')
      await trashTags(world)
    }
    expect(await world.trashed('tag', 'name')).toEqual(['x', 'x', 'x'])
    await addTag(world, 'x')
    await expect(addTag(world, 'x')).rejects.toMatchObject(UNIQUE)
  },

  async 'any number of rows have none, live or not'(world) {
    await world.scope((session) => {
      for (const name of ['a', 'b', 'c']) addAuthor(session, name, null)
    })
    await world.scope((session) => session.nativeDelete(Author, { name: 'a' }))
    expect(await world.live('author', 'name')).toEqual(['b', 'c'])
  },

  async 'a row comes back from the trash when its value is free'(world) {
    await addTag(world, 'x')
    await trashTags(world)
    await world.scope(async (session) => {
      await session.restore(await session.findOneOrFail(Tag, 1, { withTrashed: true }))
    })
    expect(await world.live('tag', 'name')).toEqual(['x'])
  },

  async 'a row does not come back from the trash when its value is taken'(world) {
    await addTag(world, 'x')
    await trashTags(world)
    await addTag(world, 'x')
    const restored = world.scope(async (session) => {
      await session.restore(await session.findOneOrFail(Tag, 1, { withTrashed: true }))
    })
    await expect(restored).rejects.toMatchObject({ ...UNIQUE, message: expect.stringContaining('Tag.name') })
    expect(await world.live('tag')).toEqual([2])
    expect(await world.trashed('tag')).toEqual([1])
  },

  async 'a row is trashed and its value given to a new one in one flush'(world) {
    await addTag(world, 'x')
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Tag, 1))
      session.create(Tag, { name: 'x' })
    })
    expect(await world.live('tag')).toEqual([2])
    expect(await world.trashed('tag')).toEqual([1])
  },

  async 'a value moves from a row that gives it up to another one in one flush'(world) {
    await world.scope((session) => void addAuthor(session, 'A', 'a@x.y'))
    await world.scope(async (session) => {
      ;(await session.findOneOrFail(Author, 1)).email = null
      addAuthor(session, 'B', 'a@x.y')
    })
    const rows = await world.sql('select email from author order by id')
    expect(rows.map(({ email }) => email)).toEqual([null, 'a@x.y'])
  },

  async 'a live row does not take the value of another by an update'(world) {
    await addTag(world, 'x')
    await addTag(world, 'y')
    const renamed = world.scope(async (session) => {
      ;(await session.findOneOrFail(Tag, { name: 'y' })).name = 'x'
    })
    await expect(renamed).rejects.toMatchObject({ ...UNIQUE, message: expect.stringContaining('Tag.name') })
  },

  async 'several values are unique together, among live rows'(world) {
    const add = (title: string) =>
      world.scope((session) => void session.create(Book, { title, author: 1 as never }))
    await world.scope((session) => void addAuthor(session, 'Jane', null))
    await add('Emma')
    await add('Persuasion')
    await expect(add('Emma')).rejects.toMatchObject({
      ...UNIQUE,
      message: 'A value that has to be unique is taken already: Book.author, Book.title.',
    })
    await world.scope((session) => session.nativeDelete(Book, { title: 'Emma' }))
    await add('Emma')
    expect(await world.live('book', 'title')).toEqual(['Emma', 'Persuasion'])
  },

  async 'an author whose profile is in the trash gets another one'(world) {
    const add = (text: string) =>
      world.scope(async (session) => {
        session.create(Profile, { text, author: session.getReference(Author, 1, { wrapped: true }) })
      })
    await world.scope((session) => void addAuthor(session, 'Jane', null))
    await add('first')
    await expect(add('second')).rejects.toMatchObject({
      ...UNIQUE,
      message: expect.stringContaining('Profile.author'),
    })
    await world.scope((session) => session.nativeDelete(Profile, {}))
    await add('second')
    expect(await world.live('profile', 'text')).toEqual(['second'])
  },

  async 'the primary key of a row in the trash stays taken'({ scope, trashed }) {
    const add = () =>
      scope((session) => void session.create(Edition, { isbn: 'a', number: 1, publisher: 'p' }))
    await add()
    await scope((session) => session.nativeDelete(Edition, {}))
    await expect(add()).rejects.toMatchObject({
      ...UNIQUE,
      message: 'A value that has to be unique is taken already: Edition.isbn, Edition.number.',
    })
    expect(await trashed('edition', 'isbn')).toEqual(['a'])
  },

  async 'the error names the property, for those who answer requests as well'(world) {
    await world.scope((session) => void addAuthor(session, 'A', 'a@x.y'))
    const error = await world
      .scope((session) => void addAuthor(session, 'B', 'a@x.y'))
      .catch((e: unknown) => e)
    expect(error).toMatchObject({
      ...UNIQUE,
      message: 'A value that has to be unique is taken already: Author.email.',
      key: { model: 'Author', properties: ['email'] },
      faults: [{ path: 'email', message: 'is taken' }],
    })
  },

  async 'the error names the property also when the value has quotes and dots'(world) {
    await addTag(world, "it's a.b 'c'")
    await expect(addTag(world, "it's a.b 'c'")).rejects.toMatchObject({
      message: 'A value that has to be unique is taken already: Tag.name.',
    })
  },

  async 'a statement in SQL is told the property as well'(world) {
    await addTag(world, 'x')
    const insert = world.sql("insert into tag (name) values ('x')")
    await expect(insert).rejects.toMatchObject({ key: { model: 'Tag', properties: ['name'] } })
  },

  async 'a rollback of the trashing gives the value back to its row'(world) {
    await addTag(world, 'x')
    const lost = world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Tag, 1))
      await session.flush()
      session.create(Tag, { name: 'x' })
      await session.flush()
      throw new Error('lost')
    })
    await expect(lost).rejects.toThrow('lost')
    expect(await world.live('tag')).toEqual([1])
    await expect(addTag(world, 'x')).rejects.toMatchObject(UNIQUE)
  },

  async 'what keeps them apart is seen in no entity and in no result'(world) {
    await world.scope((session) => {
      addAuthor(session, 'A', 'a@x.y')
      session.create(Country, { name: 'c' })
    })
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1)
      expect(Object.keys(author)).not.toContain('deletedAtLive')
      expect(JSON.stringify(author)).not.toMatch(/live/i)
      const [row] = await session.createQueryBuilder(Author).execute()
      expect(JSON.stringify(row)).not.toMatch(/live/i)
    })
    const [row] = await world.sql('select * from author')
    expect(Object.keys(row ?? {}).sort()).toEqual(['country_id', 'deleted_at', 'email', 'id', 'name'])
  },

  async 'the indexes are what the database has for it'({ sql, dialect }) {
    const [row] = await sql(INDEX[dialect])
    expect(
      String(row?.definition)
        .toLowerCase()
        .replaceAll(/[`"()]/g, ''),
    ).toContain(dialect === 'mysql' ? 'email,deleted_at_live' : 'email where deleted_at is null')
  },
})

const INDEX = {
  sqlite: "select sql as definition from sqlite_master where name = 'author_email_unique'",
  postgres:
    "select indexdef as definition from pg_indexes where indexname = 'author_email_unique' and schemaname = current_schema()",
  mysql:
    "select group_concat(column_name order by seq_in_index) as definition from information_schema.statistics where table_schema = schema() and index_name = 'author_email_unique'",
}
