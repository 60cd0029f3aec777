import { randomUUID } from 'node:crypto'
import { Hash } from 'limber/auth'
import { modelUsers } from 'limber/database'
import { createTestApplication, type TestApplication } from 'limber/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const users = modelUsers({
  model: () => import('../../app/models/user.ts'),
  login: 'email',
  password: 'passwordHash',
})

let app: TestApplication

beforeEach(async () => {
  app = await createTestApplication({ seed: 'database' })
})

afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

const get = (url: string) => app.inject({ method: 'GET', url })
const rows = (sql: string) => app.make('db.connection').execute(sql)

describe('the library', () => {
  test('welcomes and says that it is well', async () => {
    expect((await get('/')).json()).toEqual({
      message: 'Welcome to limber.',
      books: '/books',
      health: '/health',
    })
    expect((await get('/health')).json()).toEqual({ status: 'ok' })
    expect((await get('/ready')).json()).toEqual({ status: 'ok', checks: { cache: 'ok', db: 'ok' } })
  })

  test('lists books by pages, with their authors', async () => {
    const first = (await get('/books')).json()
    expect(first.meta).toEqual({ page: 1, perPage: 20, pages: 1, total: 5 })
    expect(first.data[0]).toEqual({ id: 1, title: 'Frankenstein', author: { id: 1, name: 'Mary Shelley' } })
    expect((await get('/books?page=2')).json()).toMatchObject({
      data: [],
      meta: { page: 2, pages: 1, total: 5 },
      links: { prev: '/books?page=1', next: null },
    })
  })

  test('creates, reads and changes a book', async () => {
    const created = await app.inject({ method: 'POST', url: '/books', body: { title: ' Emma ', author: 1 } })
    expect(created.statusCode).toBe(201)
    const { id } = created.json()
    expect((await get(`/books/${id}`)).json()).toMatchObject({
      title: 'Emma',
      author: { name: 'Mary Shelley' },
    })

    const changed = await app.inject({
      method: 'PATCH',
      url: `/books/${id}`,
      body: { title: 'Persuasion', author: 2 },
    })
    expect(changed.json()).toEqual({ id, title: 'Persuasion', author: { id: 2, name: 'Jules Verne' } })
    expect(await rows(`select title, author_id from book where id = ${id}`)).toEqual([
      { title: 'Persuasion', author_id: 2 },
    ])
  })

  test('keeps the row of a deleted book, hides it, and brings it back', async () => {
    expect((await app.inject({ method: 'DELETE', url: '/books/1' })).statusCode).toBe(204)
    expect(await rows('select deleted_at is not null as trashed from book where id = 1')).toEqual([
      { trashed: 1 },
    ])
    expect((await get('/books/1')).statusCode).toBe(404)
    expect((await get('/books')).json().meta.total).toBe(4)
    expect((await app.inject({ method: 'DELETE', url: '/books/1' })).statusCode).toBe(404)

    expect((await app.inject({ method: 'POST', url: '/books/1/restore' })).statusCode).toBe(200)
    expect((await get('/books/1')).json()).toMatchObject({ title: 'Frankenstein' })
    expect(await rows('select deleted_at from book where id = 1')).toEqual([{ deleted_at: null }])
  })

  test('answers 404 for an author that is not there, and creates nothing', async () => {
    const reply = await app.inject({ method: 'POST', url: '/books', body: { title: 'Emma', author: 99 } })
    expect(reply.statusCode).toBe(404)
    expect(reply.json()).toMatchObject({
      code: 'LIMBER_MODEL_NOT_FOUND',
      detail: 'There is no Author with id 99.',
    })
    expect((await get('/books')).json().meta.total).toBe(5)
  })

  test.each([
    ['a title that is empty', { title: '  ', author: 1 }, ['body.title']],
    ['an author that is a word', { title: 'Emma', author: 'one' }, ['body.author']],
    ['nothing at all', {}, ['body.title', 'body.author']],
  ])('refuses %s', async (_, body, paths) => {
    const reply = await app.inject({ method: 'POST', url: '/books', body })
    expect(reply.statusCode).toBe(422)
    expect(reply.json().errors.map((fault: { path: string }) => fault.path)).toEqual(paths)
  })

  test('is seeded once, however often the seeder runs', async () => {
    await app.inject({ method: 'DELETE', url: '/books/2' })
    expect(await app.run('db', 'seed')).toMatchObject({ exitCode: 0 })
    expect(await rows('select count(*) as books from book')).toEqual([{ books: 5 }])
    expect(await rows('select count(*) as users from user')).toEqual([{ users: 1 }])
  })

  test('has a user who logs in with the password that the seeder tells, and whose hash never leaves', async () => {
    const [user] = await rows('select email, password_hash from user')
    expect(await new Hash().check('frankenstein', String(user?.password_hash))).toBe(true)
    const ada = await app.scope(() => users.findByLogin('Ada@Example.com'))
    expect(ada).toMatchObject({ email: 'ada@example.com' })
    expect(JSON.stringify(ada)).toContain('ada@example.com')
    expect(JSON.stringify(ada)).not.toMatch(/argon2|password/i)
  })

  test('a user who was there before passwords were gets one from the seeder, and one in the trash stays there', async () => {
    await rows('update user set password_hash = null')
    expect((await app.run('db', 'seed')).stdout).toContain('"frankenstein"')
    expect((await app.run('db', 'seed')).stdout).not.toContain('"frankenstein"')
    expect(await rows('select count(*) as users from user where password_hash is not null')).toEqual([
      { users: 1 },
    ])
    await rows("update user set password_hash = null, deleted_at = '2026-01-01'")
    expect((await app.run('db', 'seed')).stdout).not.toContain('"frankenstein"')
    expect(await rows('select password_hash from user')).toEqual([{ password_hash: null }])
  })

  test('its migrations describe its models', async () => {
    const { stdout } = await app.run('db', 'makemigrations', '--message', 'anything', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ up: [] })
  })

  test('the names of its routes are those that the compiler knows', async () => {
    expect(await app.run('routes', '--types', '--check')).toMatchObject({ exitCode: 0 })
    expect(app.make('router').url('books.show', { book: 7 })).toBe('/books/7')
  })

  test('its graph of services is sound', async () => {
    expect(await app.run('doctor')).toMatchObject({ exitCode: 0 })
  })
})

describe('its users', () => {
  const ADA = { email: 'ada@example.com', password: 'frankenstein' }
  const logIn = (body: object) => app.inject({ method: 'POST', url: '/login', body })
  const me = (headers: Record<string, string>) => app.inject({ method: 'GET', url: '/me', headers })

  test('log in, and show who they are, without the hash of their password', async () => {
    const reply = await logIn(ADA)
    const shown = await me({ authorization: `Bearer ${reply.json().token}` })
    expect([shown.statusCode, shown.json()]).toEqual([200, { id: 1, name: 'Ada', email: ADA.email }])
    expect((await logIn({ ...ADA, password: 'wrong' })).json()).toMatchObject({
      status: 401,
      code: 'LIMBER_INVALID_CREDENTIALS',
    })
    expect((await me({})).headers['www-authenticate']).toBe(
      'ApiKey realm="limber", header="x-api-key", Bearer realm="limber"',
    )
  })

  test('cannot be guessed: after five tries of one login it is too many', async () => {
    // The counts are kept in a file of the application, also for the next run.
    const email = `${randomUUID()}@example.com`
    const statuses: number[] = []
    for (let attempt = 1; attempt <= 6; attempt++) {
      statuses.push((await logIn({ email, password: 'wrong' })).statusCode)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  })

  test('have API keys, which are taken back with their row', async () => {
    const { stdout } = await app.run('auth', 'key', '--user', ADA.email, '--name', 'a script')
    const key = { 'x-api-key': stdout.trim() }
    expect((await me(key)).statusCode).toBe(200)
    await rows('update api_key set deleted_at = 1')
    expect((await me(key)).statusCode).toBe(401)
  })

  test('are known to every route of the document by the same schemes', async () => {
    const { components, paths } = (await get('/openapi.json')).json()
    expect(Object.keys(components.securitySchemes)).toEqual(['apiKey', 'bearer'])
    expect(paths['/me'].get.security).toEqual([{ apiKey: [] }, { bearer: [] }])
  })
})
