import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { execute, migration } from '../database/migrations/place.ts'
import { commandsIn, succeed, tempFolder, write } from '../database/support/library-application.ts'

const TEXT = migration('Books', execute('create table book (id integer)'))

describe('a migration', () => {
  it.each([
    '20260101000001_AddBooks.ts',
    '20260101000001-add-books.ts',
    '20260101_add_books.ts',
    '20260101000001_add_books.mts',
  ])('that would be passed over for its name is told: %s', async (name) => {
    const root = tempFolder()
    write(root, { [`database/migrations/${name}`]: TEXT })
    const test = await commandsIn({ root })
    for (const command of ['migrate', 'status', 'check'])
      expect(await test.run('db', command)).toMatchObject({
        exitCode: command === 'check' ? 5 : 2,
        stderr: expect.stringContaining(name),
      })
  })

  it('stands beside declarations and files of other kinds', async () => {
    const root = tempFolder()
    write(root, {
      'database/migrations/20260101000001_books.ts': TEXT,
      'database/migrations/20260101000001_books.d.ts': '',
      'database/migrations/20260101000001_books.js.map': '',
      'database/migrations/2026.md': '',
      'database/migrations/helpers.ts': '',
    })
    expect(await succeed(await commandsIn({ root }), 'db', 'migrate')).toMatch(/^Applied .*_books/)
  })

  it('is written behind one of the far future at once', async () => {
    const root = tempFolder()
    write(root, { 'database/migrations/29991231235959_books.ts': TEXT })
    await succeed(await commandsIn({ root }), 'db', 'makemigrations', '--empty', '-m', 'next')
    expect(readdirSync(path.join(root, 'database/migrations')).sort()).toEqual([
      '29991231235959_books.ts',
      '29991231235960_next.ts',
    ])
  })
})
