import path from 'node:path'
import { sqlite } from 'limber/database/sqlite'
import { TestApplication } from 'limber/testing'
import { expect, test } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { openWorld } from './world.ts'

async function shop() {
  const driver = sqlite({ file: path.join(emptyFolder(), 'bot.sqlite') })
  const world = await openWorld({
    driver,
    owners: [11],
    roles: { moderator: [12] },
    rules: { kick: ['chat_admins'] },
  })
  const cli = new TestApplication(world.app)
  return { ...world, bot: (...argv: string[]) => cli.run('bot', ...argv) }
}

const NOTHING = { rules: [{ command: 'kick', keptIn: 'config' }], members: [{ user: 12 }, { user: 11 }] }

test('limber bot allow sets a rule, bot rules lists it, and bot forget forgets it', async () => {
  const { bot, access } = await shop()
  expect(await bot('allow', '/Ban@my_bot', 'moderator,chat_admins')).toMatchObject({
    exitCode: 0,
    stdout: 'From now on, /ban is for moderator, chat_admins; and for owners, as everything.\n',
  })
  expect((await bot('allow', 'sell', 'owner')).stdout).toBe('From now on, /sell is for owner.\n')
  expect((await bot('allow', 'sell', 'all')).stdout).toBe('From now on, /sell is for all.\n')
  await bot('forget', 'sell')
  const rule = { command: 'ban', roles: ['moderator', 'chat_admins'], keptIn: 'database' }
  expect((await access.list()).rules[0]).toEqual(rule)
  const { stdout } = await bot('rules', '--json')
  expect(JSON.parse(stdout)).toEqual(await access.list())
  const table = await bot('rules')
  expect(table.stdout).toMatch(/\/ban +moderator, chat_admins +database/)
  expect(table.stdout).toMatch(/\/kick +chat_admins +config/)
  expect(table.stdout).toMatch(/owner +11 +config/)
  const dry = await bot('forget', 'ban', '--dry-run')
  expect(dry.stdout).toBe(
    'Would forget the rule that /ban is for moderator, chat_admins. Nothing was written.\n',
  )
  expect((await access.list()).rules[0]).toEqual(rule)
  expect((await bot('forget', 'ban')).stdout).toBe(
    'Forgot the rule that /ban is for moderator, chat_admins.\n',
  )
  expect(await access.list()).toMatchObject(NOTHING)
  expect((await bot('forget', 'ban')).stdout).toBe('The database has no rule for /ban.\n')
})

test('limber bot role gives a role and takes it away', async () => {
  const { bot, access } = await shop()
  expect((await bot('role', 'add', 'moderator', '30')).stdout).toBe('User 30 has the role "moderator".\n')
  expect(await access.isMember(30, 'moderator')).toBe(true)
  const dry = await bot('role', 'remove', 'moderator', '30', '--dry-run')
  expect(dry.stdout).toBe('User 30 would lose the role "moderator". Nothing was written.\n')
  expect(await access.isMember(30, 'moderator')).toBe(true)
  await bot('role', 'remove', 'moderator', '30')
  expect(await access.isMember(30, 'moderator')).toBe(false)
})

test('with --dry-run nothing is written', async () => {
  const { bot, access } = await shop()
  expect((await bot('allow', 'ban', 'owner', '--dry-run')).stdout).toBe(
    'It would be that /ban is for owner. Nothing was written.\n',
  )
  await bot('role', 'add', 'moderator', '30', '--dry-run')
  expect(await access.list()).toMatchObject(NOTHING)
})

test.each([
  ['a role that nobody knows', ['allow', 'ban', 'moderater'], 'Did you mean "moderator"?'],
  ['no role', ['allow', 'ban'], 'roles'],
  ['an empty role', ['allow', 'ban', 'owner,,all'], 'a role, or several with commas between'],
  ['what is no command', ['allow', 'ban me', 'owner'], 'There can be no command "ban me".'],
  [
    'a role from elsewhere',
    ['role', 'add', 'owner', '5'],
    'Write the id of the user in owners of config/bot.ts.',
  ],
  ['who has it by the configuration', ['role', 'remove', 'moderator', '12'], 'Take the id out of roles'],
  ['who can be nobody', ['role', 'add', 'moderator', '0'], 'There can be no user 0.'],
  ['another verb', ['role', 'give', 'moderator', '5'], 'one of add, remove'],
])('%s is refused, and also with --dry-run', async (_, argv, message) => {
  const { bot, access } = await shop()
  for (const dry of [[], ['--dry-run']]) {
    const { exitCode, stderr } = await bot(...argv, ...dry)
    expect([exitCode === 0, stderr]).toEqual([false, expect.stringContaining(message)])
  }
  expect(await access.list()).toMatchObject(NOTHING)
})

test('without a database a change is refused, and also with --dry-run', async () => {
  const { app } = await openWorld({ roles: { moderator: [] } })
  const cli = new TestApplication(app)
  for (const argv of [
    ['allow', 'ban', 'owner'],
    ['forget', 'ban'],
    ['role', 'add', 'moderator', '5'],
  ])
    for (const dry of [[], ['--dry-run']])
      expect((await cli.run('bot', ...argv, ...dry)).stderr).toContain('LIMBER_RULES_NOT_KEPT')
})
