import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { expect, test } from 'vitest'
import { openLibrary } from '../database/support/library-application.ts'

@Entity({ discriminatorColumn: 'kind', discriminatorMap: { plant: 'Plant', tree: 'Tree' } })
class Plant extends Model {
  @Property()
  name!: string
}

@Entity()
class Tree extends Plant {
  static override softDelete = true
}

test('soft delete on a part of a table is refused: the rest would show and destroy its rows', async () => {
  await expect(openLibrary({ models: [Plant, Tree] })).rejects.toMatchObject({
    code: 'LIMBER_SOFT_DELETE_ROOT',
    message: expect.stringContaining('Tree'),
    hint: expect.stringContaining('Plant'),
  })
})
