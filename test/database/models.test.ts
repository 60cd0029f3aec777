import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineEntity, p } from '@mikro-orm/core'
import type { Lazy } from 'limber'
import { Model } from 'limber/database'
import { Entity, ManyToOne } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { bootLibrary, openLibrary, tempFolder, write } from './support/library-application.ts'

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

const modelFile = (name: string, other: string, relation: string) => `
import { Model } from 'limber/database'
import { Entity, ManyToOne } from 'limber/database/mapping'
import { ${other} } from './${other.toLowerCase()}.ts'

@Entity()
export class ${name} extends Model {
  @ManyToOne(${relation})
  ${other.toLowerCase()}!: ${other}
}
`

describe('model files that import each other', () => {
  it('before either has run are named, with the way out', async () => {
    const root = tempFolder()
    write(root, {
      'app/models/wheel.ts': modelFile('Wheel', 'Car', ''),
      'app/models/car.ts': modelFile('Car', 'Wheel', ''),
    })
    const entry = (name: string) => () => import(pathToFileURL(path.join(root, 'app/models', name)).href)
    await expect(opening(entry('car.ts'), entry('wheel.ts'))).rejects.toMatchObject({
      code: 'LIMBER_MODEL_FILE',
      // Which of the two runs into the other first is up to the loader.
      message: expect.stringMatching(
        /models\/(wheel|car)\.ts → models\/\w+\.ts → models\/\1\.ts import each other/,
      ),
      hint: expect.stringContaining('() => Other'),
    })
  })

  it('and leave a relation without a class are named by the relation', async () => {
    class Lost extends Model {}
    ManyToOne(() => undefined as never)(Lost.prototype, 'other')
    Entity()(Lost)
    await expect(opening(Lost)).rejects.toMatchObject({
      code: 'LIMBER_MODEL_FILE',
      message: expect.stringContaining('the class of Lost.other is undefined'),
    })
  })
})

describe('a model file that nobody registered', () => {
  const files = {
    'app/models/author.ts': '@Entity()\nexport class Author extends Model {}',
    'app/models/shelf/room.ts': "export const RoomSchema = defineEntity({ name: 'Room', properties: {} })",
    'app/models/words.ts': 'export const words = 3',
  }
  const warnings = async (models: readonly Lazy[]) => {
    const root = tempFolder()
    write(root, files)
    const { app } = await bootLibrary({ root, models })
    const lines: string[] = []
    app.make('log').warn = (line: unknown) => void lines.push(String(line))
    await app.ready(['db'])
    return lines
  }

  it('is told with the line to add', async () => {
    expect(await warnings([Author, Book])).toEqual([
      "app/models/shelf/room.ts is not registered, so it has no table. Add this line to models in config/app.ts: () => import('../app/models/shelf/room.ts'),",
    ])
  })

  it('is not told once it is registered', async () => {
    const Room = defineEntity({ name: 'Room', properties: { id: p.integer().primary() } })
    expect(await warnings([Author, Book, async () => ({ Room })])).toEqual([])
  })
})
