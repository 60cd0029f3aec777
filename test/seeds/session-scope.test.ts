/** @module The profile of a game from the documentation of easy_tbot: created in a session whose scope commits it, without the bot around it. */
import { KeyedModel, type Session, sessionScope } from 'limber/database'
import { Entity, type Opt, PrimaryKey, PrimaryKeyProp, Property } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { openLibrary } from '../database/support/library-application.ts'

/** A sample purpose model. */
@Entity({ tableName: 'test' })
class UserGameProfile extends KeyedModel {
  declare [PrimaryKeyProp]?: 'id'

  // Telegram user id
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number

  @Property()
  playerTitle: string & Opt = 'turtle egg'

  @Property()
  money: number & Opt = 0

  @Property()
  level: number & Opt = 0

  @Property()
  attack: number & Opt = 10

  @Property()
  defense: number & Opt = 20
}

const row = { id: 77, player_title: 'turtle egg', money: 0, level: 0, attack: 10, defense: 20 }

it('a profile is found, or created with its defaults, in a session that commits at its end', async () => {
  const { rows } = await openLibrary({ models: [UserGameProfile] })
  const createProfile = async (session: Session, user: { id: number }) =>
    (await session.findOne(UserGameProfile, user.id)) ?? session.create(UserGameProfile, { id: user.id })

  for (let round = 0; round < 2; round++) {
    const profile = await sessionScope((session) => createProfile(session, { id: 77 }))
    // What a scope gives stays usable after it.
    expect(profile.playerTitle).toBe('turtle egg')
    expect(rows('select * from test')).toEqual([row])
  }
})

it('the same, in the words of models', async () => {
  const { app, rows } = await openLibrary({ models: [UserGameProfile] })
  const id = 77

  await app.scope(async () => {
    let profile = await UserGameProfile.get(id)
    if (profile === null) profile = await UserGameProfile.create({ id })
    await profile.update({ money: profile.money + 5 }).save()
  })

  expect(rows('select * from test')).toEqual([{ ...row, money: 5 }])
})
