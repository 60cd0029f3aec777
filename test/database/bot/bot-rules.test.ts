import type { BotRules } from 'limber'
import { fromUrl } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { bootLibrary } from '../support/library-application.ts'
import { databases, shared } from './bot-databases.ts'

const BOT = 7_000_000_001
const LARGEST = Number.MAX_SAFE_INTEGER

async function rulesOn(driver: ReturnType<typeof fromUrl>): Promise<BotRules> {
  const { app } = await bootLibrary({ driver, models: [] })
  await app.ready(['db.bot-rules'])
  const rules = app.make('db.bot-rules')
  if (!rules) throw new Error('The database is switched off.')
  await rules.prepare()
  return rules
}

describe.each(databases)('the rules of bots on $title', ({ create }) => {
  it('replaces, gives and removes the rules of each bot', async () => {
    const rules = await rulesOn(await create())
    const roles = ['owner', 'Ältere 🦩', '\' " \\ ? %s', 'owner ']
    await rules.setRule(BOT, 'kick', [])
    await rules.setRule(BOT, 'ban', ['admin'])
    await rules.setRule(BOT, 'ban', roles)
    await rules.setRule(BOT + 1, 'ban', ['user'])
    expect(await rules.rules(BOT)).toEqual([
      { command: 'ban', roles },
      { command: 'kick', roles: [] },
    ])
    await rules.setRule(BOT, 'ban', undefined)
    await rules.setRule(BOT, 'nothing', undefined)
    await rules.prepare()
    expect(await rules.rules(BOT)).toEqual([{ command: 'kick', roles: [] }])
    expect(await rules.rules(BOT + 1)).toEqual([{ command: 'ban', roles: ['user'] }])
  })

  it('adds and removes the members of each bot, each once', async () => {
    const rules = await rulesOn(await create())
    const members = [
      { role: 'Chief', user: 5 },
      { role: 'chief', user: 5 },
      { role: 'chief', user: LARGEST },
      { role: 'chief ', user: 5 },
      { role: 'chïef 🦩', user: 5 },
    ]
    for (const member of members) await rules.addMember(BOT, member)
    for (const member of members) await rules.addMember(BOT, member)
    await rules.addMember(BOT + 1, { role: 'chief', user: 1 })
    expect(await rules.members(BOT)).toEqual(members)
    await rules.removeMember(BOT, { role: 'chief', user: 5 })
    await rules.removeMember(BOT, { role: 'chief', user: 6 })
    expect(await rules.members(BOT)).toEqual(members.filter((_, index) => index !== 1))
    expect(await rules.members(BOT + 1)).toEqual([{ role: 'chief', user: 1 }])
  })
})

it.each(shared)('several applications make the tables and write at once on $title', async ({ create }) => {
  const driver = await create()
  const all = await Promise.all([1, 2, 3, 4].map(() => rulesOn(driver)))
  await Promise.all(
    all.flatMap((rules, index) => [
      rules.setRule(BOT, 'ban', ['admin']),
      rules.addMember(BOT, { role: 'chief', user: 1 }),
      rules.addMember(BOT, { role: 'chief', user: index }),
    ]),
  )
  const found = await Promise.all(all.map((rules) => rules.members(BOT)))
  expect(found.map((members) => members.map(({ user }) => user))).toEqual(all.map(() => [0, 1, 2, 3]))
})
