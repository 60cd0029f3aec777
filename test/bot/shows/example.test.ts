/** The game profile of seeds/000 and the points of seeds/001, as a person has them: enabled, migrated and run as processes. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { User } from 'grammy/types'
import { describe, expect, test } from 'vitest'
import { everyKind } from '../../database/migrations/support/own-databases.ts'
import { repository, runLimber } from '../../support/run-limber.ts'
import { type BotFolder, botFolder, environmentOf, type Mode } from './support/bot-folder.ts'
import { eventually } from './support/eventually.ts'
import { isDeep } from './support/seed.ts'
import { numbered } from './support/talk.ts'

const EXAMPLES = fileURLToPath(new URL('fixtures/examples', import.meta.url))
const MODULES = ['game-profile', 'user-points'] as const
/** More than 32 bits have room for, as new users have. */
const ADA = { id: 7_123_456_789, first_name: 'Ada <3' }
const BOB = { id: 5_000_000_000, first_name: 'Bob', language_code: 'de' }

describe.each(await everyKind())('the example modules on $title', (kind) => {
  // Servers take turns, unless there is time.
  const modes: Readonly<Record<string, readonly Mode[]>> = { postgres: ['polling'], mysql: ['webhook'] }
  const both: readonly Mode[] = ['polling', 'webhook']
  test.each<Mode>((isDeep ? undefined : modes[kind.dialect]) ?? both)(
    'answer their commands, by %s',
    { timeout: 120_000 },
    async (mode) => {
      const folders = MODULES.map((name) => [
        `modules/${name}`,
        path.join(repository, 'examples/modules', name),
      ])
      const env = { OWNER: String(ADA.id) }
      const bot = await botFolder(kind, { '.': EXAMPLES, ...Object.fromEntries(folders) }, env)
      for (const name of MODULES) await bot.run(`module enable ${name} --yes`, `db migrate --module ${name}`)
      const limber = await bot.start(mode)
      await limber.wrote(mode === 'polling' ? 'Polling as @test_bot' : 'Listening on')
      if (mode === 'webhook') await setWebhook(bot)

      const [ada, bob] = [bot.api.make.user(ADA), bot.api.make.user(BOB)]
      expect(await say(bot, ada, '/profile')).toBe('You have no profile yet. /create_profile makes one.')
      expect(await say(bot, ada, '/create_profile')).toBe('Done. /profile shows what you have.')
      expect(await say(bot, ada, '/create_profile@test_bot')).toBe('You have a profile already.')
      expect(await say(bot, ada, '/profile')).toBe(
        '<b>Ada &lt;3</b>, turtle egg\nLevel 0, money 0\nAttack 10, defense 20\n',
      )
      expect(await say(bot, ada, '/points')).toBe('You have no points.')
      expect(await say(bot, ada, '/add_points 5')).toBe('You have 5 points.')
      expect(await say(bot, ada, '/add_points 3')).toBe('You have 8 points.')
      expect(await say(bot, ada, '/points')).toBe('You have 8 points.')
      expect(await say(bot, ada, '/add_points many')).toBe('Say how many: /add_points 5')
      expect(await say(bot, bob, '/add_points 5')).toBe('You may not do that.')
      expect(await say(bot, bob, '/create_profile')).toBe('Fertig. /profile zeigt, was du hast.')

      const profiles = await bot.askModule(
        'game-profile',
        'select id, attack from {}user_game_profiles order by id',
      )
      expect(numbered(profiles)).toEqual([
        { id: BOB.id, attack: 10 },
        { id: ADA.id, attack: 10 },
      ])
      const points = await bot.askModule('user-points', 'select user_id, points from {}user_profiles')
      expect(numbered(points)).toEqual([{ user_id: ADA.id, points: 8 }])
      expect(bot.api.log.of('setMyCommands')[0]?.payload).toMatchObject({
        commands: [{ command: 'create_profile' }, { command: 'profile' }, { command: 'points' }],
      })

      limber.child.kill('SIGTERM')
      const { code, stderr } = await limber.ended
      expect(code, stderr).toBe(0)
      expect(stderr).not.toContain('"level":50')
    },
  )
})

/** As whoever has put the application behind its domain does. */
async function setWebhook(bot: BotFolder): Promise<void> {
  const options = { cwd: bot.root, env: environmentOf('webhook') }
  const { code, stdout, stderr } = await runLimber(['bot', 'webhook', 'set'], options)
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('https://bot.example.com/bot/updates')
}

/** Gives the one answer. */
async function say({ api }: BotFolder, user: User, text: string): Promise<string | undefined> {
  const before = api.log.texts(user.id).length
  api.write(user, text)
  await eventually(() => api.waiting.length === 0 && api.log.texts(user.id).length > before)
  expect(api.log.texts(user.id)).toHaveLength(before + 1)
  return api.log.texts(user.id).at(-1)
}
