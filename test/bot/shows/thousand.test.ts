/** A thousand updates of fifty users at once: one session each, none lost or doubled, in the order of their chats. */
import type { Update, User } from 'grammy/types'
import { SessionClosedError } from 'limber/database'
import { createTestApplication } from 'limber/testing'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { everyKind } from '../../database/migrations/support/own-databases.ts'
import { type BotFolder, environmentOf, type Mode } from './support/bot-folder.ts'
import { eventually } from './support/eventually.ts'
import { Chance, isDeep, seed } from './support/seed.ts'
import { ENTRIES, type Manner, NOTES, numbered, TALLIES, Talk } from './support/talk.ts'
import { askLedger, tallyBot } from './support/tally-bot.ts'
import { Watch } from './support/watch.ts'

const USERS = 50
const GROUPS = 5
/** One of twelve throws behind its writes. */
const MANNERS = [
  ...(['say', 'say', 'say', 'say', 'say', 'twice', 'earn', 'earn', 'earn', 'earn'] as const),
  ...(['fail', 'refuse'] as const),
] as const satisfies readonly Manner[]
/** So many chats are inside of their handlers at the same time. */
const PARTY = 8

interface LogLine {
  readonly level: number
  readonly msg: string
}

describe.each(await everyKind())(
  `a crowd that talks to a bot on $title (LIMBER_TEST_SEED=${seed})`,
  (kind) => {
    const few = isDeep ? 1_000 : 200

    it.each<[Mode, number]>([
      ['polling', kind.dialect === 'sqlite' ? 1_000 : few],
      ['webhook', few],
    ])(
      'by %s has %i updates handled once each, in order, whatever fails',
      { timeout: 300_000 },
      async (mode, count) => {
        const bot = await tallyBot(kind, environmentOf(mode))
        const watch = new Watch(PARTY)
        const lines = await run(bot, mode, watch)
        const { talk, users } = crowd(bot, count)
        const updates = talk.told.map(({ update }) => update)
        bot.api.send(...updates)
        if (mode === 'webhook') await postAgain(bot, updates)
        await eventually(
          () => bot.api.waiting.length === 0 && bot.api.log.of('sendMessage').length >= wanted(talk),
          () => `${bot.api.waiting.length} wait, ${bot.api.log.calls.length} calls of ${wanted(talk)}`,
        )
        for (const chat of talk.chats) expect(bot.api.log.texts(chat)).toEqual(talk.repliesIn(chat))
        expect(numbered(await bot.ask(NOTES))).toEqual(talk.rowsOf('say', 'twice'))
        expect(numbered(await askLedger(bot, ENTRIES))).toEqual(talk.rowsOf('earn'))
        expect(numbered(await bot.ask(TALLIES))).toEqual(talk.tallies())
        await checkSessions(watch, talk)
        expect([...watch.crowded]).toEqual([])
        const failures = lines.filter(({ level, msg }) => level >= 50 && /fails/.test(msg))
        expect(failures).toHaveLength(talk.told.filter(({ manner }) => manner === 'fail').length)
        await askEverybody(bot, talk, users)
      },
    )
  },
)

/** Runs the application in this process, and gives what it logs. */
async function run(bot: BotFolder, mode: Mode, watch: Watch): Promise<LogLine[]> {
  const lines: LogLine[] = []
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) })
  const services = { log, 'tally.probe': watch }
  const test = await createTestApplication({
    root: bot.root,
    database: 'configured',
    bot: 'configured',
    services,
  })
  onTestFinished(() => test[Symbol.asyncDispose]())
  await test.app.run(mode === 'polling' ? test.make('bot.kernel') : test.make('http'))
  await bot.bring(mode)
  return lines
}

/** Each user writes in private, and in the group that they are in. */
function crowd({ api }: BotFolder, count: number) {
  const chance = new Chance('crowd')
  const talk = new Talk(api.make)
  const groups = Array.from({ length: GROUPS }, (_, index) => api.make.group(`Group ${index}`))
  const users = Array.from({ length: USERS }, () => api.make.user())
  for (let index = 0; index < count; index += 1) {
    const user = users[index % USERS]
    if (!user) throw new Error('There is no such user.')
    talk.tell(user, chance.one(MANNERS), chance.below(4) === 0 ? groups[index % GROUPS] : undefined)
  }
  return { talk, users }
}

/** The Bot API does so when it did not hear that they were taken, also while they are being handled. */
async function postAgain({ webhook, secret }: BotFolder, updates: readonly Update[]): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret }
  const some = updates.filter((_, index) => index < USERS && index % 5 === 0)
  const posts = some.map((update) =>
    fetch(webhook, { method: 'POST', headers, body: JSON.stringify(update) }),
  )
  const replies = await Promise.all(posts)
  expect(replies.map(({ status }) => status)).toEqual(some.map(() => 200))
}

function wanted(talk: Talk): number {
  return talk.told.flatMap(({ replies }) => replies).length
}

/** Each update had a session of its own, which is closed; a unit of work that others got in the way of was begun again. */
async function checkSessions({ sessions }: Watch, talk: Talk): Promise<void> {
  expect([...sessions.values()].filter((updates) => updates.length !== 1)).toEqual([])
  const known = new Set([...sessions.values()].flat())
  expect([...known].sort((a, b) => a - b)).toEqual(talk.told.map(({ id }) => id))
  for (const session of sessions.keys())
    await expect(session.execute('select 1')).rejects.toThrow(SessionClosedError)
}

async function askEverybody({ api }: BotFolder, talk: Talk, users: readonly User[]): Promise<void> {
  const before = api.log.of('sendMessage').length
  for (const user of users) api.write(user, '/where')
  await eventually(() => api.log.of('sendMessage').length >= before + users.length)
  for (const user of users) expect(api.log.texts(user.id).at(-1)).toBe(talk.whereIs(user.id))
}
