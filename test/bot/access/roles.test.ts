import type { ChatMember, User } from 'grammy/types'
import { BotForbiddenError, ChatMemberUnknownError, FixedRoleError, UnknownRoleError } from 'limber/bot'
import { expect, test } from 'vitest'
import { BoundedMap } from './internals.ts'
import { handlerOf, openWorld } from './world.ts'

const FORBIDDEN = 'LIMBER_BOT_FORBIDDEN'

const member = (user: User, status: string) => ({ user, status }) as ChatMember

async function group() {
  const world = await openWorld({ owners: [11], roles: { moderator: [12] } })
  const chat = world.make.group()
  const people = { creator: 13, administrator: 14, member: 15 }
  for (const [status, id] of Object.entries(people))
    world.server.setMember(chat.id, member(world.make.user({ id }), status))
  const from = (id: number) => world.make.message(world.make.user({ id }), '/ban', { chat })
  return { ...world, chat, from, asked: () => world.server.log.attempts.map(({ method }) => method) }
}

test.each([
  ['all', [11, 12, 13, 14, 15]],
  ['owner', [11]],
  ['moderator', [11, 12]],
  ['chat_owner', [11, 13]],
  ['chat_admins', [11, 13, 14]],
])('of a group, the role %s has whom it should', async (role, expected) => {
  const { admits, from } = await group()
  const allowed: number[] = []
  for (const user of [11, 12, 13, 14, 15])
    if ((await admits(handlerOf({ allowedFor: role }), from(user))) === true) allowed.push(user)
  expect(allowed).toEqual(expected)
})

test('one of several roles is enough, and a list of none is for owners only', async () => {
  const { admits, from } = await group()
  const several = handlerOf({ allowedFor: ['moderator', 'chat_owner'] })
  expect([await admits(several, from(12)), await admits(several, from(13))]).toEqual([true, true])
  expect(await admits(several, from(14))).toBe(FORBIDDEN)
  const none = handlerOf({ allowedFor: [] })
  expect([await admits(none, from(11)), await admits(none, from(12))]).toEqual([true, FORBIDDEN])
})

test('whoever is refused is told in public words', async () => {
  const { admission, incomingOf, from } = await group()
  const refused = admission.admit(handlerOf({ allowedFor: 'owner' }), incomingOf(from(15)))
  await expect(refused).rejects.toBeInstanceOf(BotForbiddenError)
  await expect(refused).rejects.toMatchObject({ kind: 'forbidden', publicMessage: 'You may not do this.' })
})

test('the Bot API is asked once for many who come at once, and again after a minute', async () => {
  const { admits, from, asked, clock } = await group()
  const handler = handlerOf({ allowedFor: 'chat_admins' })
  const admitted = await Promise.all(Array.from({ length: 30 }, () => admits(handler, from(14))))
  expect(new Set(admitted)).toEqual(new Set([true]))
  clock.time += 59_999
  await admits(handler, from(14))
  expect(asked()).toEqual(['getChatMember'])
  clock.time += 1
  await admits(handler, from(14))
  expect(asked()).toEqual(['getChatMember', 'getChatMember'])
})

test('nobody is asked about a role that follows from the configuration', async () => {
  const { admits, from, asked } = await group()
  await admits(handlerOf({ allowedFor: ['chat_admins', 'moderator'] }), from(12))
  await admits(handlerOf({ allowedFor: 'chat_admins' }), from(11))
  expect(asked()).toEqual([])
})

test('while the Bot API is away, nobody is an administrator and the update comes again', async () => {
  const { admission, incomingOf, from, server, admits } = await group()
  const handler = handlerOf({ allowedFor: 'chat_admins' })
  server.fail('getChatMember', 'drop')
  const refused = admission.admit(handler, incomingOf(from(14)))
  await expect(refused).rejects.toBeInstanceOf(ChatMemberUnknownError)
  await expect(refused).rejects.toMatchObject({ kind: 'unavailable' })
  // What failed is not remembered.
  expect(await admits(handler, from(14))).toBe(true)
})

test('a user whom the Bot API does not tell about is no administrator', async () => {
  const { admits, from } = await group()
  expect(await admits(handlerOf({ allowedFor: 'chat_admins' }), from(99))).toBe(FORBIDDEN)
})

test('in a private chat the user is its owner and its administrator', async () => {
  const { admits, make, asked } = await group()
  const update = make.message(make.user({ id: 15 }), '/ban')
  expect(await admits(handlerOf({ allowedFor: 'chat_owner' }), update)).toBe(true)
  expect(await admits(handlerOf({ allowedFor: 'chat_admins' }), update)).toBe(true)
  expect(await admits(handlerOf({ allowedFor: 'moderator' }), update)).toBe(FORBIDDEN)
  expect(asked()).toEqual([])
})

test('an administrator who stays unnamed is an administrator, and nothing more', async () => {
  const { admits, make, chat, asked } = await group()
  const anonymous = make.user({ id: 1_087_968_824, is_bot: true })
  const update = make.message(anonymous, '/ban', { chat, extra: { sender_chat: chat } })
  expect(await admits(handlerOf({ allowedFor: 'chat_admins' }), update)).toBe(true)
  expect(await admits(handlerOf({ allowedFor: 'chat_owner' }), update)).toBe(FORBIDDEN)
  expect(asked()).toEqual([])
})

test('another chat that writes in a group administers nothing, and has no role by the account it shares', async () => {
  const world = await openWorld({ owners: [136_817_688], roles: { moderator: [136_817_688] } })
  const chat = world.make.group()
  const shared = world.make.user({ id: 136_817_688, is_bot: true })
  const extra = { sender_chat: world.make.channel() }
  const update = world.make.message(shared, '/ban', { chat, extra })
  for (const role of ['chat_admins', 'owner', 'moderator'])
    expect(await world.admits(handlerOf({ allowedFor: role }), update)).toBe(FORBIDDEN)
})

test('whoever presses a button under the post of a channel is not the channel', async () => {
  const { admits, make } = await group()
  const channel = make.channel()
  const update = make.callbackQuery(make.user({ id: 99 }), 'ban', {
    chat: channel,
    extra: { sender_chat: channel },
  })
  expect(await admits(handlerOf({ allowedFor: 'chat_admins' }), update)).toBe(FORBIDDEN)
})

test('a post of a channel is by its administrators', async () => {
  const { admits, make } = await group()
  const post = make.channelPost(make.channel(), '/ban')
  expect(await admits(handlerOf({ allowedFor: 'chat_admins' }), post)).toBe(true)
  expect(await admits(handlerOf({ allowedFor: 'moderator' }), post)).toBe(FORBIDDEN)
})

test('without a chat nobody is its administrator', async () => {
  const { admits, make } = await group()
  const query = make.inlineQuery(make.user({ id: 13 }), 'ban')
  expect(await admits(handlerOf({ allowedFor: 'chat_admins' }), query)).toBe(FORBIDDEN)
  expect(await admits(handlerOf({ allowedFor: 'owner' }), make.inlineQuery(make.user({ id: 11 }), ''))).toBe(
    true,
  )
})

test('a role that nobody knows is told before the first update', async () => {
  const { admission } = await group()
  const check = () => admission.check([handlerOf({ allowedFor: ['all', 'moderater'] })])
  expect(check).toThrow(UnknownRoleError)
  expect(check).toThrow('There is no role "moderater" (allowedFor of Ban).')
  expect(catchHint(check)).toBe('Did you mean "moderator"?')
})

test('only roles of the application’s own are given to users', async () => {
  const { access } = await group()
  for (const role of ['owner', 'chat_admins', 'all'])
    await expect(access.assign(role, 5)).rejects.toBeInstanceOf(FixedRoleError)
})

test('what is remembered has its bounds', () => {
  const clock = { time: 0, now: () => clock.time }
  const map = new BoundedMap<number>(clock, 3)
  for (let key = 0; key < 100; key++) map.set(String(key), key, 10)
  expect([map.size, map.get('96'), map.get('97'), map.get('99')]).toEqual([3, undefined, 97, 99])
  clock.time = 10
  expect(map.get('99')).toBeUndefined()
})

function catchHint(check: () => void): string | undefined {
  try {
    check()
  } catch (error) {
    return (error as { hint?: string }).hint
  }
  return undefined
}
