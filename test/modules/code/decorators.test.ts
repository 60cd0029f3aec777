import path from 'node:path'
import { MetadataStorage } from '@mikro-orm/core'
import { Container } from 'limber'
import { expect, test } from 'vitest'
import { ModuleFolder } from './module-folder.ts'

const book = (properties: string) => `
  import { Entity, PrimaryKey, Property } from 'limber/database/mapping'
  @Entity() export class Book { @PrimaryKey() id!: number\n${properties} }`

test('the container constructs the classes of a module from their types and keys', async () => {
  const module = new ModuleFolder({
    'provider.ts': `
      import { inject, injectable } from 'limber'
      import { Shelf } from './shelf.ts'
      @injectable() export class Desk { constructor(readonly shelf: Shelf, @inject('sign') readonly sign: object) {} }
      export { Shelf }`,
    'shelf.ts': `import { injectable } from 'limber'\n@injectable() export class Shelf {}`,
  })
  const { Desk, Shelf } = await module.import()
  const container = new Container()
  const sign = { text: 'open' }
  // A key and a class that only this test knows.
  container.instance('sign' as never, sign as never)
  const desk: unknown = container.make(Desk as never)
  expect(desk).toMatchObject({ sign })
  expect(Reflect.get(Object(desk), 'shelf')).toBeInstanceOf(Shelf)
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
  const { forgetModelsIn } = await import(path.resolve('src/database/models/forget-models.ts'))
  forgetModelsIn(module.folder)
  expect(known()).not.toContain(path.join(module.folder, 'models/book.ts'))
})
