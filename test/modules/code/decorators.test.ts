import path from 'node:path'
import { MetadataStorage } from '@mikro-orm/core'
import { createTestApplication } from 'limber/testing'
import { expect, test } from 'vitest'
import { forgetModels } from '../../../src/database/models/forget-models.ts'
import { ModuleFolder } from './module-folder.ts'

const book = (properties: string) => `
  import { Entity, PrimaryKey, Property } from 'limber/database/mapping'
  @Entity() export class Book { @PrimaryKey() id!: number\n${properties} }`

test('the container constructs the classes of a module from their types and keys', async () => {
  const module = new ModuleFolder({
    'provider.ts': `
      import { inject, injectable } from 'limber'
      import { Shelf } from './shelf.ts'
      @injectable() export class Desk { constructor(readonly shelf: Shelf, @inject('log') readonly log: object) {} }
      export { Shelf }`,
    'shelf.ts': `import { injectable } from 'limber'\n@injectable() export class Shelf {}`,
  })
  const { Desk, Shelf } = await module.import()
  await using app = await createTestApplication({ providers: [] })
  const desk: object = app.make(Desk as new () => object)
  expect(Reflect.get(desk, 'shelf')).toBeInstanceOf(Shelf)
  expect(Reflect.get(desk, 'log')).toBe(app.make('log'))
})

test('a property that was removed from a model is gone after a reload, and the list of the ORM lets go of both', async () => {
  const module = new ModuleFolder({
    'models/book.ts': book('@Property() title!: string\n@Property() pages!: number'),
  })
  const known = () => Object.values(MetadataStorage.getMetadata() as object).map(({ path: file }) => file)
  const propertiesOf = async () => {
    const { Book } = await module.import('models/book.ts')
    return Object.keys(Reflect.get(Object(Book), MetadataStorage.META_SYMBOL).properties)
  }
  expect(await propertiesOf()).toEqual(['id', 'title', 'pages'])
  module.write({ 'models/book.ts': book('@Property() title!: string') })
  expect(await propertiesOf()).toEqual(['id', 'title'])
  expect(known()).toContain(path.join(module.folder, 'models/book.ts'))
  forgetModels(module.folder)
  expect(known()).not.toContain(path.join(module.folder, 'models/book.ts'))
})
