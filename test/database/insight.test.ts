import type { InsightConfig } from 'limber/database'
import { allowRepeatedQueries } from 'limber/database'
import { assertQueryCount } from 'limber/testing'
import { describe, expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { bootLibrary } from './support/library-application.ts'

type Line = [facts: Record<string, unknown>, message: string]

/** A library with six authors and a book of each, and what its log says. */
async function watched(insight: InsightConfig = {}) {
  const { app } = await bootLibrary({ database: { insight } })
  const [warnings, debugs]: [Line[], Line[]] = [[], []]
  const log = app.make('log')
  log.warn = (...line: unknown[]) => void warnings.push(line as Line)
  log.debug = (...line: unknown[]) => void debugs.push(line as Line)
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  for (const id of [1, 2, 3, 4, 5, 6]) {
    await connection.execute('insert into author (id, name) values (?, ?)', [id, `author ${id}`])
    await connection.execute('insert into book (title, author_id) values (?, ?)', [`book ${id}`, id])
  }
  warnings.length = 0
  debugs.length = 0
  return { app, warnings, debugs }
}

const loadRowByRow = async () => {
  for (const book of await Book.all()) await book.author.load()
}

describe('the query log', () => {
  it('tells each query with its scope, and hides what people have written', async () => {
    const { app, debugs } = await watched({ log: true })
    await app.scope((scope) => Book.filter({ title: 'book 1', id: 1 }).then(() => scope), {
      kind: 'request',
      label: 'GET /books',
    })
    expect(debugs).toHaveLength(1)
    expect(debugs[0]?.[0]).toMatchObject({
      connection: 'main',
      sql: expect.stringMatching(/^select .* from `book`/),
      parameters: expect.arrayContaining(['*** (6 characters)', 1]),
      ms: expect.any(Number),
      scope: expect.any(String),
      kind: 'request',
      label: 'GET /books',
    })
  })

  it('shows parameters when it is told to', async () => {
    const { app, debugs } = await watched({ log: true, parameters: 'shown' })
    await app.scope(() => Book.filter({ title: 'book 1' }))
    expect(debugs[0]?.[0]).toMatchObject({ parameters: ['book 1'] })
  })

  it('is silent unless the log shows debug', async () => {
    const { app, debugs, warnings } = await watched()
    await app.scope(() => Book.all())
    expect([debugs, warnings]).toEqual([[], []])
  })
})

describe('a slow query', () => {
  it('is a warning from the threshold on', async () => {
    const { app, warnings } = await watched({ slow: 0 })
    await app.scope(() => Book.all())
    expect(warnings).toEqual([
      [expect.objectContaining({ sql: expect.stringContaining('`book`') }), 'A query was slow.'],
    ])
  })

  it('below the threshold is none', async () => {
    const { app, warnings } = await watched({ slow: 60_000 })
    await app.scope(() => Book.all())
    expect(warnings).toEqual([])
  })
})

describe('the fifth equal query of a scope', () => {
  it('is an error in tests, with the model, the relation and the line', async () => {
    const { app } = await watched()
    await expect(app.scope(loadRowByRow)).rejects.toMatchObject({
      code: 'LIMBER_N_PLUS_ONE',
      message: 'Author was read by Book.author 5 times by the same query in one scope.',
      path: [expect.stringMatching(/^test\/database\/insight\.test\.ts:\d+$/)],
      hint: expect.stringContaining('populate'),
    })
  })

  it('is noticed for collections too, however many keys are asked for at once', async () => {
    const { app } = await watched()
    const loading = app.scope(async () => {
      for (const author of await Author.all()) await author.books.load()
    })
    await expect(loading).rejects.toMatchObject({ message: expect.stringContaining('Book.author') })
  })

  it('is told once where it is a warning', async () => {
    const { app, warnings } = await watched({ repeated: 'warn' })
    await app.scope(loadRowByRow)
    expect(warnings).toEqual([
      [expect.objectContaining({ model: 'Author', property: 'Book.author', count: 5 }), expect.any(String)],
    ])
  })

  it('is nothing when it is switched off, for all or for one scope', async () => {
    const off = await watched({ repeated: 'off' })
    await off.app.scope(loadRowByRow)
    const { app } = await watched()
    await app.scope(async () => {
      allowRepeatedQueries()
      await loadRowByRow()
    })
    await expect(app.scope(loadRowByRow)).rejects.toMatchObject({ code: 'LIMBER_N_PLUS_ONE' })
  })

  it('is not met by reading together, nor by as many scopes', async () => {
    const { app } = await watched()
    await app.scope(() => Book.filter({}, { populate: ['author'] }))
    for (let i = 0; i < 6; i++) await app.scope(() => Book.get(1))
  })
})

describe('assertQueryCount', () => {
  it('passes for the number of queries that run', async () => {
    const { app } = await watched()
    await assertQueryCount(1, () => app.scope(() => Book.filter({}, { populate: ['author'] })))
    await assertQueryCount(0, () => app.scope(() => undefined))
  })

  it('fails for another number, and lists them', async () => {
    const { app } = await watched()
    const counting = assertQueryCount(2, () => app.scope(() => Book.all()))
    await expect(counting).rejects.toThrow(/^2 queries were expected, 1 ran:\n {2}1\. select/)
  })
})
