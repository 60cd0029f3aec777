import path from 'node:path'
import { fromUrl } from 'limber/database'
import { createTestApplication, type TestApplication } from 'limber/testing'
import { describe, expect, it } from 'vitest'
import { openRaw, tempFolder } from '../database/support/library-application.ts'

const status = async (test: TestApplication, id: number) =>
  (await test.inject({ method: 'GET', url: `/books/${id}` })).statusCode
const destroy = (test: TestApplication, id: number) => test.inject({ method: 'DELETE', url: `/books/${id}` })

/** The skeleton application on a database file. */
function onFile(folder: string) {
  const main = fromUrl(`sqlite:${path.join(folder, 'test.sqlite')}`)
  return { config: { database: { default: 'main', connections: { main } } }, database: 'configured' } as const
}

describe('a rollback', () => {
  it('undoes what requests, commands and scopes have committed', async () => {
    await using test = await createTestApplication({ seed: 'database' })
    const count = () => test.make('db.connection').execute('select count(*) as n from book')
    for (let round = 0; round < 2; round++) {
      await using _ = await test.rollback()
      await destroy(test, 1)
      expect(await status(test, 1)).toBe(404)
      await test.inject({ method: 'POST', url: '/books', body: { title: 'Emma', author: 1 } })
      await test.scope(async () => {
        const session = test.make('db.session')
        await session.execute("insert into book (title, author_id) values ('Lodore', 1)")
      })
      expect(await count()).toEqual([{ n: 7 }])
    }
    expect(await count()).toEqual([{ n: 5 }])
    expect(await status(test, 1)).toBe(200)
  })

  it('leaves a unit of work that fails inside of it as undone as ever', async () => {
    await using test = await createTestApplication({ seed: 'database', rollback: true })
    await destroy(test, 1)
    const failing = test.scope(async () => {
      await test.make('db.session').execute('delete from book')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect([await status(test, 1), await status(test, 2)]).toEqual([404, 200])
  })

  it('on a database file leaves the schema and nothing else, and applies the schema once', async () => {
    const folder = tempFolder()
    for (let round = 0; round < 2; round++) {
      await using test = await createTestApplication({ ...onFile(folder), rollback: true, seed: 'database' })
      expect(await status(test, 1)).toBe(200)
    }
    const raw = openRaw(path.join(folder, 'test.sqlite'))
    expect(raw.prepare('select count(*) as n from book').all()).toEqual([{ n: 0 }])
    raw.exec('drop table book')
    const third = createTestApplication({ ...onFile(folder), rollback: true, seed: 'database' })
    await expect(third).rejects.toThrow(/no such table: book/)
  })

  it('restores swaps with using, as ever', async () => {
    await using test = await createTestApplication({ rollback: true })
    const config = test.make('config')
    {
      using _ = test.swap('config', Object.create(config))
      expect(test.make('config')).not.toBe(config)
    }
    expect(test.make('config')).toBe(config)
  })
})
