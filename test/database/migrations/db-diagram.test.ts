import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Lazy } from 'limber'
import { type Driver, Model } from 'limber/database'
import {
  Collection,
  Entity,
  ManyToMany,
  ManyToOne,
  OneToOne,
  Property,
  type Ref,
  types,
  Unique,
} from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { everyDatabase } from '../support/every-database.ts'
import { commandsIn, openRaw, succeed, tempFolder } from '../support/library-application.ts'
import { parseMermaid } from './mermaid-grammar.ts'

@Entity({ tableName: 'author' })
class Author extends Model {
  static override softDelete = true

  @Property()
  @Unique()
  name!: string
}

@Entity({ tableName: 'tag' })
class Tag extends Model {
  @Property({ unique: true, length: 40 })
  label!: string
}

@Entity({ tableName: 'book' })
class Book extends Model {
  @ManyToOne(() => Author, { ref: true })
  author!: Ref<Author>

  @ManyToOne(() => Author, { ref: true, nullable: true })
  translator?: Ref<Author>

  @Property({ type: types.decimal, precision: 10, scale: 2 })
  price!: string

  @ManyToMany(() => Tag)
  tags = new Collection<Tag>(this)
}

@Entity({ tableName: 'cover' })
class Cover extends Model {
  @OneToOne(() => Book, { ref: true })
  book!: Ref<Book>
}

/** Names that mean something in a diagram, or that its grammar has no place for. */
@Entity({ tableName: 'odd % "one or more" {table}' })
class Odd extends Model {
  @Property({ fieldName: 'pk' })
  first!: string

  @Property({ fieldName: '2nd column; drop', nullable: true })
  second?: string

  @Property({ fieldName: 'größe "%%{' })
  third!: string

  @ManyToOne(() => Odd, { ref: true, nullable: true })
  erDiagram?: Ref<Odd>
}

const MODELS: readonly Lazy[] = [Author, Tag, Book, Cover]

async function diagram(models: readonly Lazy[], driver?: Driver, ...argv: string[]) {
  const root = tempFolder()
  const test = await commandsIn({ root, models, ...(driver && { driver }) })
  return { root, text: await succeed(test, 'db', 'diagram', ...argv) }
}

const databases = await everyDatabase()

describe('limber db diagram', () => {
  it('draws tables with their columns and keys, marks what is soft-deleted, and names relations', async () => {
    const { text } = await diagram(MODELS)
    const { entities, relations, comments } = parseMermaid(text)
    expect(Object.keys(entities)).toEqual(['author', 'book', 'book_tags', 'cover', 'tag'])
    expect(entities.book).toEqual([
      { type: 'integer', name: 'id', keys: ['PK'], comment: undefined },
      { type: 'integer', name: 'author_id', keys: ['FK'], comment: undefined },
      { type: 'integer', name: 'translator_id', keys: ['FK'], comment: 'nullable' },
      { type: 'numeric(10_2)', name: 'price', keys: [], comment: undefined },
    ])
    expect(entities.author).toContainEqual({
      type: expect.stringMatching(/^datetime/),
      name: 'deleted_at',
      keys: [],
      comment: 'nullable, soft delete',
    })
    expect(entities.author).toContainEqual(expect.objectContaining({ name: 'name', keys: ['UK'] }))
    expect(entities.tag).toContainEqual(expect.objectContaining({ name: 'label', keys: ['UK'] }))
    expect(entities.cover).toContainEqual(expect.objectContaining({ name: 'book_id', keys: ['FK', 'UK'] }))
    expect(comments).toEqual(['soft-deleted: "author"'])
    expect(relations).toEqual([
      'author ||--o{ book : author',
      'author |o--o{ book : translator',
      'book ||--o{ book_tags : book_id',
      'tag ||--o{ book_tags : tag_id',
      'book ||--o| cover : book',
    ])
  })

  it('is the same whatever the order of the models', async () => {
    const { text } = await diagram(MODELS)
    expect((await diagram(MODELS.toReversed())).text).toBe(text)
  })

  it('writes names that its grammar has no place for, and keeps what they were', async () => {
    const { text } = await diagram([Odd])
    const { entities, relations } = parseMermaid(text)
    const table = 'odd _ _one or more_ _table_'
    expect(entities[table]?.map(({ name, comment }) => [name, comment])).toEqual([
      ['id', undefined],
      ['pk_', "named 'pk'"],
      ['_2nd_column__drop', "named '2nd column_ drop', nullable"],
      ['gr__e_____', "named 'größe '___'"],
      ['er_diagram_id', 'nullable'],
    ])
    expect(relations).toEqual([`${table} |o--o{ ${table} : erDiagram`])
  })

  it('says nothing to a database', async () => {
    const { root } = await diagram(MODELS)
    expect(openRaw(path.join(root, 'library.sqlite')).prepare('select * from sqlite_master').all()).toEqual(
      [],
    )
  })

  it('writes a file, and tells programs what is in it', async () => {
    const { text } = await diagram(MODELS)
    const { root, text: json } = await diagram(MODELS, undefined, '--out', 'docs/schema.mmd', '--json')
    expect(readFileSync(path.join(root, 'docs/schema.mmd'), 'utf8')).toBe(text)
    const said: unknown = JSON.parse(json)
    expect(said).toMatchObject({ file: 'docs/schema.mmd', relations: expect.any(Array) })
    expect(said).toHaveProperty('tables.0', expect.objectContaining({ name: 'author', isSoftDeleted: true }))
  })

  it.each(databases)('draws the types of $title', async (database) => {
    const { entities } = parseMermaid((await diagram(MODELS, await database.create())).text)
    expect(Object.keys(entities)).toEqual(['author', 'book', 'book_tags', 'cover', 'tag'])
    expect(entities.book?.find(({ name }) => name === 'price')?.type).toMatch(/^(numeric|decimal)\(10_2\)$/)
  })
})
