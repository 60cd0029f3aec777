import { Model } from 'limber/database'
import { Collection, Embeddable, Embedded, Entity, ManyToMany, Property } from 'limber/database/mapping'
import { expect, test } from 'vitest'
import { openLibrary } from '../database/support/library-application.ts'

@Embeddable()
class Address {
  @Property()
  street!: string

  @Property()
  town!: string
}

@Entity()
class Guest extends Model {
  @Embedded(() => Address)
  home!: Address

  @Embedded(() => Address, { object: true })
  work!: Address

  @Property({ type: 'json' })
  likes!: string[]

  @Property()
  since!: Date

  @Property({ nullable: true })
  note!: string | null

  @ManyToMany(() => Guest)
  friends = new Collection<Guest>(this)
}

const show = ({ home, work, likes, since, note, friends }: Guest) => ({
  home: { ...home },
  work: { ...work },
  likes: [...likes],
  since,
  note,
  friends: friends.getItems().map(({ id }) => id),
})

test.each(['flushed', 'pending'])(
  'a rolled-back scope gives back values of every kind: %s',
  async (state) => {
    const { app, rows } = await openLibrary({ models: [Guest] })
    const guest = (note: string | null) => ({
      home: { street: 'a', town: 'b' },
      work: { street: 'c', town: 'd' },
      likes: ['tea'],
      since: new Date(1_700_000_000_000),
      note,
    })
    await app.scope(() => {
      const session = app.make('db.session')
      session.create(Guest, guest('one')).friends.add(session.create(Guest, guest(null)))
    })
    const tables = () => [rows('select * from guest'), rows('select * from guest_friends')]
    const before = tables()
    const seen: [Guest, object][] = []
    const scope = app.scope(async () => {
      const session = app.make('db.session')
      const one = await session.findOneOrFail(Guest, { note: 'one' }, { populate: ['friends'] })
      seen.push([one, show(one)])
      one.home.street = 'lost'
      one.work = Object.assign(new Address(), { street: 'lost', town: 'lost' })
      one.likes.push('lost')
      one.since = new Date(0)
      one.note = null
      one.friends.removeAll()
      if (state === 'flushed') await session.flush()
      throw new Error('no')
    })
    await expect(scope).rejects.toThrow('no')
    const [[one, expected] = []] = seen
    if (!one) throw new Error('nothing was read')
    expect(show(one)).toEqual(expected)
    await app.scope(() => void app.make('db.session').persist(one))
    expect(tables()).toEqual(before)
    await app.scope(() => one.update({ note: 'two' }).save())
    expect(rows('select note, home_street, likes from guest order by note desc')).toEqual([
      { note: 'two', home_street: 'a', likes: '["tea"]' },
      { note: null, home_street: 'a', likes: '["tea"]' },
    ])
  },
)
