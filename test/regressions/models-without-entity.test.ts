import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { expect, test } from 'vitest'
import { bootLibrary } from '../database/support/library-application.ts'

class Forgotten extends Model {
  @Property()
  title!: string
}

abstract class Titled extends Model {
  @Property()
  title!: string
}

@Entity()
class Scroll extends Titled {}

const opening = async (models: object) => {
  const { app } = await bootLibrary({ models: [async () => models] })
  await app.ready(['db'])
}

test('a model whose @Entity() was forgotten is refused, before a migration drops its table', async () => {
  await expect(opening({ Forgotten })).rejects.toMatchObject({
    code: 'LIMBER_MODEL_FILE',
    message: expect.stringContaining('Forgotten has mapped properties, but no @Entity()'),
    hint: 'Put @Entity() above class Forgotten.',
  })
  await expect(opening({ Scroll, Forgotten })).rejects.toMatchObject({ code: 'LIMBER_MODEL_FILE' })
})

test('a base class beside the model that extends it needs none', async () => {
  await opening({ Titled, Scroll })
})
