/** @module The game profile, and points by commands of a bot: example modules, with a database of their own, on every database. */
import path from 'node:path'
import type { Application } from 'limber'
import { BotServiceProvider } from 'limber/bot'
import { CacheServiceProvider } from 'limber/cache'
import { DatabaseServiceProvider } from 'limber/database'
import { ModulesServiceProvider } from 'limber/modules'
import { createTestApplication, fakeBot } from 'limber/testing'
import { describe, expect, test } from 'vitest'
import type {} from '../../examples/modules/user-points/provider.ts'
import { everyDatabase } from '../modules/every-database.ts'
import { appFolder } from '../support/app-folder.ts'
import { repository } from '../support/run-limber.ts'

const databases = await everyDatabase()
/** The largest number of a user that Telegram may give. */
const OWNER = 2 ** 52 - 1

async function openExamples(database: string) {
  const modules = ['game-profile', 'user-points'].map((name) => ({
    folder: path.join(repository, 'examples/modules', name),
    permissions: name === 'game-profile' ? ['require_db', 'use_bot'] : ['use_db', 'use_bot'],
  }))
  const providers = [
    DatabaseServiceProvider,
    CacheServiceProvider,
    BotServiceProvider,
    ModulesServiceProvider,
  ]
  const kit = await createTestApplication({
    root: appFolder({ 'config/app.ts': 'export default { name: "examples", providers: [] }' }),
    database: 'configured',
    config: {
      app: { name: 'examples', providers, modules },
      database: { default: 'main', connections: { main: 'sqlite:storage/main.sqlite' } },
      modules: { database },
      bot: { token: '', owners: [OWNER], flood: false },
    },
  })
  return { kit, app: kit.app, bot: await fakeBot(kit) }
}

const rowsOf = (app: Application, module: string, table: string) =>
  app.make('db').connection(`modules.${module}`).execute(`select * from ${table}`)

describe.each(databases)('on $title', ({ create }) => {
  test('a profile is made once, and shown in the language of the user', async () => {
    const { kit, app, bot } = await openExamples(await create())
    await using _ = kit
    const ada = bot.user({ id: OWNER, name: 'Ada <3', language: 'de-AT' })

    await ada.send('/profile')
    await ada.send('/create_profile')
    await ada.send('/create_profile@test_bot')
    await ada.send('/profile')

    expect(ada.texts).toEqual([
      'Du hast noch kein Profil. /create_profile legt eins an.',
      'Fertig. /profile zeigt, was du hast.',
      'Du hast schon ein Profil.',
      '<b>Ada &lt;3</b>, turtle egg\nStufe 0, Geld 0\nAngriff 10, Verteidigung 20\n',
    ])
    const [row, ...others] = await rowsOf(app, 'game-profile', 'user_game_profiles')
    expect(others).toEqual([])
    expect({ ...row, id: String(row?.id) }).toEqual({
      id: String(OWNER),
      ...{ player_title: 'turtle egg', money: 0, level: 0, attack: 10, defense: 20 },
    })
  })

  test('a user of another language reads English', async () => {
    const { kit, bot } = await openExamples(await create())
    await using _ = kit
    const bob = bot.user({ name: 'Bob', language: 'fr' })
    await bob.send('/create_profile')
    expect(await bob.send('/profile')).toMatchObject([
      {
        text: '<b>Bob</b>, turtle egg\nLevel 0, money 0\nAttack 10, defense 20\n',
        payload: { parse_mode: 'HTML' },
      },
    ])
  })

  test('many users make their profiles at once, each one of their own', async () => {
    const { kit, app, bot } = await openExamples(await create())
    await using _ = kit
    const users = Array.from({ length: 20 }, () => bot.user())
    await Promise.all(users.flatMap((user) => [user.send('/create_profile'), user.send('/create_profile')]))
    for (const user of users)
      expect(user.texts).toEqual(['Done. /profile shows what you have.', 'You have a profile already.'])
    expect(await rowsOf(app, 'game-profile', 'user_game_profiles')).toHaveLength(20)
  })

  test('everybody sees their points, and the owner adds some', async () => {
    const { kit, app, bot } = await openExamples(await create())
    await using _ = kit
    const [owner, bob] = [
      bot.user({ id: OWNER, name: 'Olga' }),
      bot.user({ id: 5, name: 'Bob', language: 'de' }),
    ]

    await owner.send('/points')
    await owner.send('/add_points 5')
    await owner.send('/add_points 3')
    await owner.send('/add_points many')
    await owner.send(`/add_points ${Number.MAX_SAFE_INTEGER}`)
    await bob.send('/add_points 100')
    await bob.send('/points')

    expect(owner.texts).toEqual([
      'You have no points.',
      'You have 5 points.',
      'You have 8 points.',
      'Say how many: /add_points 5',
      'Say how many: /add_points 5',
    ])
    expect(bob.texts).toEqual(['You may not do that.', 'Du hast keine Punkte.'])
    const rows = await rowsOf(app, 'user-points', 'user_profiles')
    expect(rows.map((row) => ({ ...row, user_id: String(row.user_id) }))).toEqual([
      { user_id: String(OWNER), display_name: 'Olga', points: 8 },
    ])
    await app.make('modules').get('user-points').addPoints(OWNER, 4)
    expect(await app.make('modules').get('user-points').getUserPoints(OWNER)).toBe(12)
    expect(await kit.run('points', String(OWNER))).toMatchObject({ exitCode: 0, stdout: '12\n' })
  })
})
