import { FixedRoleError, InvalidRuleError, RulesNotKeptError, UnknownRoleError } from 'limber/bot'
import { describe, expect, test } from 'vitest'
import { everyDatabase } from './databases.ts'
import { faultsOfAccess } from './internals.ts'
import { handlerOf, openWorld } from './world.ts'

const FORBIDDEN = 'LIMBER_BOT_FORBIDDEN'
const ban = handlerOf({ commands: ['ban'], allowedFor: 'moderator' })

describe.each(await everyDatabase())('kept in $title', ({ open }) => {
  const shop = async () => {
    const driver = await open()
    const config = { driver, owners: [11], roles: { moderator: [12], seller: [] } }
    const world = await openWorld(config)
    const from = (id: number) => world.make.message(world.make.user({ id }), '/ban')
    return { ...world, driver, from, another: () => openWorld(config) }
  }

  test('a rule is stronger than the handler, until it is forgotten', async () => {
    const { access, admits, from } = await shop()
    await access.allow('ban', ['seller'])
    await access.assign('seller', 20)
    expect(await Promise.all([11, 12, 20].map((id) => admits(ban, from(id))))).toEqual([
      true,
      FORBIDDEN,
      true,
    ])
    await access.allow('ban', ['all'])
    expect(await admits(ban, from(99))).toBe(true)
    await access.forget('ban')
    expect(await Promise.all([11, 12, 20].map((id) => admits(ban, from(id))))).toEqual([
      true,
      true,
      FORBIDDEN,
    ])
  })

  test.each(['/ban@my_bot', '/BAN', ' Ban ', 'bAn@another_bot'])(
    'a rule set as "%s" is that of ban',
    async (written) => {
      const { access, admits, from } = await shop()
      await access.allow(written, ['owner'])
      expect(await admits(ban, from(12))).toBe(FORBIDDEN)
      expect((await access.list()).rules).toEqual([{ command: 'ban', roles: ['owner'], keptIn: 'database' }])
      await access.forget(written)
      expect(await admits(ban, from(12))).toBe(true)
    },
  )

  test('a rule of one command of a handler holds for its other commands, and for the steps behind it', async () => {
    const { access, admits, from } = await shop()
    await access.allow('ban', ['owner'])
    const both = handlerOf({ commands: ['block', 'ban'], allowedFor: 'all' })
    const step = { ...handlerOf({ state: 'Ban#whom' }), under: ['ban'] }
    expect([await admits(both, from(12)), await admits(step, from(12))]).toEqual([FORBIDDEN, FORBIDDEN])
    // Where both have rules, both have to be kept.
    await access.allow('block', ['all'])
    expect([await admits(both, from(12)), await admits(both, from(11))]).toEqual([FORBIDDEN, true])
  })

  test('what one process changes, another one sees after two seconds', async () => {
    const { access, from, another } = await shop()
    const other = await another()
    expect(await other.admits(ban, from(12))).toBe(true)
    await access.allow('ban', ['owner'])
    await access.assign('seller', 20)
    expect(await other.admits(ban, from(12))).toBe(true)
    other.clock.time += 2_000
    expect(await other.admits(ban, from(12))).toBe(FORBIDDEN)
    expect(await other.access.isMember(20, 'seller')).toBe(true)
    await access.unassign('seller', 20)
    // A clock that is set back does not make it last.
    other.clock.time -= 60_000
    expect(await other.access.isMember(20, 'seller')).toBe(false)
  })

  test('many changes at once are all kept', async () => {
    const { access } = await shop()
    const users = Array.from({ length: 20 }, (_, index) => 9_007_199_254_740_000 + index)
    await Promise.all([
      ...users.map((user) => access.assign('seller', user)),
      access.assign('seller', 9_007_199_254_740_000),
    ])
    const { members } = await access.list()
    expect(members.filter(({ role }) => role === 'seller').map(({ user }) => user)).toEqual(users)
  })

  test('what is kept for a role that there is no more lets nobody in', async () => {
    const { access, from, driver } = await shop()
    await access.assign('seller', 20)
    await access.allow('ban', ['seller'])
    const later = await openWorld({ driver, owners: [11], roles: {} })
    expect(await Promise.all([11, 20].map((id) => later.admits(ban, from(id))))).toEqual([true, FORBIDDEN])
  })

  test('the list says what holds and where it is kept', async () => {
    const { access } = await shop()
    await access.assign('moderator', 30)
    await access.allow('sell', ['seller', 'chat_admins', 'seller'])
    expect(await access.list()).toEqual({
      rules: [{ command: 'sell', roles: ['seller', 'chat_admins'], keptIn: 'database' }],
      members: [
        { role: 'moderator', user: 12, keptIn: 'config' },
        { role: 'moderator', user: 30, keptIn: 'database' },
        { role: 'owner', user: 11, keptIn: 'config' },
      ],
    })
  })

  test('a rule or a member that cannot be is refused, and nothing is kept', async () => {
    const { access } = await shop()
    const refused = [
      [access.allow('ban', ['moderater']), UnknownRoleError],
      [access.allow('ban', []), InvalidRuleError],
      [access.allow('Бан', ['owner']), InvalidRuleError],
      // The sign for Kelvin is a k only in lower case.
      [access.allow('\u212Aick', ['owner']), InvalidRuleError],
      [access.allow('ban me', ['owner']), InvalidRuleError],
      [access.assign('sellers', 1), UnknownRoleError],
      [access.assign('owner', 1), FixedRoleError],
      [access.assign('seller', -1), InvalidRuleError],
      [access.assign('seller', 1.5), InvalidRuleError],
      [access.unassign('moderator', 12), InvalidRuleError],
    ] as const
    for (const [call, error] of refused) await expect(call).rejects.toBeInstanceOf(error)
    expect(await access.list()).toMatchObject({ rules: [], members: [{ user: 12 }, { user: 11 }] })
  })
})

test('without a database, rules are those of the configuration', async () => {
  const world = await openWorld({ roles: { moderator: [12] }, rules: { '/BAN': ['owner'] } })
  const from = world.make.message(world.make.user({ id: 12 }), '/ban')
  expect(await world.admits(ban, from)).toBe(FORBIDDEN)
  expect((await world.access.list()).rules).toEqual([{ command: 'ban', roles: ['owner'], keptIn: 'config' }])
  for (const change of [
    world.access.allow('ban', ['moderator']),
    world.access.forget('ban'),
    world.access.assign('moderator', 1),
    world.access.unassign('moderator', 1),
  ])
    await expect(change).rejects.toBeInstanceOf(RulesNotKeptError)
})

test('what the configuration says of access that cannot be is told with its place', () => {
  const faults = faultsOfAccess({
    token: '1:a',
    owners: [1, -2],
    roles: { owner: [1], 'a b': [], moderator: [0.5] },
    rules: { ban: ['moderater'], BAN: ['owner'], 'no way': ['owner'], empty: [] },
    flood: { max: 0, window: Number.NaN },
  })
  expect(faults.map(({ path }) => path)).toEqual([
    'owners',
    'roles.owner',
    'roles.a b',
    'roles.moderator',
    'rules.ban',
    'rules.BAN',
    'rules.no way',
    'rules.empty',
    'flood.max',
    'flood.window',
  ])
  expect(faults[4]?.message).toBe('there is no role "moderater". Did you mean "moderator"?')
  expect(faultsOfAccess({ token: '1:a' })).toEqual([])
})
