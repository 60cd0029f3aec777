import { defineEntity, p } from '@mikro-orm/core'
import type { Lazy } from 'limber'
import { expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { bootLibrary, openLibrary } from './support/library-application.ts'

const opening = async (...models: Lazy[]) => {
  const { app } = await bootLibrary({ models })
  await app.ready(['db'])
  return [...app.make('db.connection').orm.getMetadata()].map((meta) => meta.className).sort()
}

it('models are listed as classes, or as imports of the files that export them', async () => {
  expect(await opening(Author, () => import('./fixtures/library.ts'))).toEqual(['Author', 'Book'])
})

it('a model may be a schema', async () => {
  const Room = defineEntity({ name: 'Room', properties: { id: p.integer().primary(), name: p.string() } })
  const { app, rows } = await openLibrary({ models: [async () => ({ Room })] })
  await app.scope(() => void app.make('db.session').create(Room, { id: 1, name: 'attic' }))
  expect(rows('select * from room')).toEqual([{ id: 1, name: 'attic' }])
})

it.each<[string, Lazy, string]>([
  ['a file without a model', async () => ({ answer: 42 }), 'its file exports no mapped class.'],
  ['a class that is not mapped', class Plain {}, 'the class is not mapped.'],
  ['a file that cannot be imported', () => Promise.reject(new Error('no such file')), 'no such file'],
])('%s is refused', async (_what, entry, reason) => {
  await expect(opening(Book, Author, entry)).rejects.toMatchObject({
    code: 'LIMBER_MODEL_FILE',
    message: `A model of config/app.ts cannot be used: ${reason}`,
    path: ['config/app.ts', 'models', expect.any(String)],
    hint: expect.any(String),
  })
})

it('two files that import each other are told how not to', async () => {
  const entry = () => Promise.reject(new ReferenceError("Cannot access 'Book' before initialization"))
  await expect(opening(entry)).rejects.toMatchObject({ hint: expect.stringContaining('import each other') })
})
