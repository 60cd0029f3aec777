import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { expect, test } from 'vitest'
import { openLibrary } from '../database/support/library-application.ts'

@Entity()
class Scroll extends Model {
  static override softDelete = true

  @Property()
  title!: string

  @Property({ version: true })
  version!: number & { __optional?: true }
}

const regret = new Error('regret')

async function openScrolls() {
  const { app } = await openLibrary({ models: [Scroll], database: { insight: { repeated: 'throw' } } })
  await app.scope(() => void app.make('db.session').create(Scroll, { title: 'first', version: 1 }))
  return app
}

test.each<[string, (scroll: Scroll) => Promise<unknown>]>([
  ['after rolled-back savepoints', (scroll) => scroll.update({ title: 'lost' }).save().then(fail)],
  ['of the versions that a flush has given', (scroll) => scroll.update({ title: `${scroll.title}!` }).save()],
  ['of the versions of trashed and restored rows', (scroll) => scroll.destroy().then(() => scroll.restore())],
])('reads of the framework itself are no repeated queries: %s', async (_, write) => {
  const app = await openScrolls()
  await app.scope(async () => {
    const scroll = await Scroll.getOrFail(1)
    for (let i = 0; i < 8; i++) {
      await app
        .make('db')
        .transaction(() => write(scroll))
        .catch((error: unknown) => expect(error).toBe(regret))
    }
  })
})

test('the reads of the hooks of a flush still are', async () => {
  const app = await openScrolls()
  const { orm } = app.make('db.connection')
  orm.em.getEventManager().registerSubscriber({
    beforeUpdate: async ({ em }) => void (await em.find(Scroll, { title: 'first' })),
  })
  const work = app.scope(async () => {
    const scroll = await Scroll.getOrFail(1)
    for (let i = 0; i < 8; i++) await scroll.update({ title: `${scroll.title}!` }).save()
  })
  await expect(work).rejects.toMatchObject({ code: 'LIMBER_N_PLUS_ONE' })
})

function fail(): never {
  throw regret
}
