import { isTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Cover, Issue, Series } from './models.ts'
import type { World } from './world.ts'

const begin = ({ scope }: World) =>
  scope((session) => {
    const series = session.create(Series, { name: 'Strand' })
    for (const number of [1, 2, 3]) session.create(Issue, { series, number })
    session.create(Cover, { image: 'old', series })
  })

await describePath('orphan removal', {
  async 'trashes what leaves its collection'(world) {
    await begin(world)
    await world.scope(async (session) => {
      const series = await session.findOneOrFail(Series, 1, { populate: ['issues'] })
      series.issues.remove(series.issues.getItems().filter(({ number }) => number === 2))
    })
    expect(await world.trashed('issue', 'number')).toEqual([2])
    expect(await world.live('issue', 'number')).toEqual([1, 3])
  },

  async 'trashes everything in a collection that is emptied'(world) {
    await begin(world)
    await world.scope(async (session) => {
      const series = await session.findOneOrFail(Series, 1, { populate: ['issues'] })
      series.issues.removeAll()
    })
    expect(await world.trashed('issue', 'number')).toEqual([1, 2, 3])
    expect(await world.live('series')).toEqual([1])
  },

  async 'keeps the foreign key of what has left, and can bring it back'(world) {
    await begin(world)
    await world.scope(async (session) => {
      const series = await session.findOneOrFail(Series, 1, { populate: ['issues'] })
      series.issues.removeAll()
    })
    expect(await world.sql('select distinct series_id from issue')).toEqual([{ series_id: 1 }])
    expect(await world.scope((session) => session.restore(Issue, { number: { $lt: 3 } }))).toBe(2)
    expect(await world.live('issue', 'number')).toEqual([1, 2])
  },

  async 'trashes the one that is replaced in a one-to-one, and keeps its row'(world) {
    await begin(world)
    await world.scope(async (session) => {
      const series = await session.findOneOrFail(Series, 1, { populate: ['cover'] })
      const old = series.cover?.unwrap()
      const cover = session.create(Cover, { image: 'new', series })
      await session.flush()
      expect(old && isTrashed(old)).toBe(true)
      expect(series.cover?.unwrap()).toBe(cover)
    })
    expect(await world.sql('select image, series_id from cover order by id')).toEqual([
      { image: 'old', series_id: 1 },
      { image: 'new', series_id: 1 },
    ])
    expect(await world.live('cover', 'image')).toEqual(['new'])
  },

  async 'trashes what is taken out of a one-to-one'(world) {
    await begin(world)
    await world.scope(async (session) => {
      const series = await session.findOneOrFail(Series, 1, { populate: ['cover'] })
      series.cover = null
    })
    expect(await world.trashed('cover', 'image')).toEqual(['old'])
    expect(await world.sql('select series_id from cover')).toEqual([{ series_id: 1 }])
  },

  async 'follows its owner into the trash, loaded or not, and out of it'(world) {
    await begin(world)
    await world.scope(async (session) => void session.remove(await session.findOneOrFail(Series, 1)))
    expect(await world.trashed('issue', 'number')).toEqual([1, 2, 3])
    expect(await world.trashed('cover')).toEqual([1])
    await world.scope((session) => session.restore(Series, {}))
    expect(await world.live('issue', 'number')).toEqual([1, 2, 3])
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Series, 1, { populate: ['issues', 'cover'] }))
    })
    expect(await world.trashed('issue', 'number')).toEqual([1, 2, 3])
    expect(await world.trashed('cover')).toEqual([1])
  },
})
