/** @module Kills a bot in chains of processes, and tells whether everything was done exactly once all the same. */
import { fileURLToPath } from 'node:url'
import type { User } from 'grammy/types'
import { describe, expect, it } from 'vitest'
import type { DatabaseKind } from '../../../database/migrations/support/own-databases.ts'
import type { RunningLimber } from '../../../support/run-limber.ts'
import { type BotFolder, type Mode } from './bot-folder.ts'
import { eventually } from './eventually.ts'
import { Chance, isDeep, seed } from './seed.ts'
import { ENTRIES, type Manner, NOTES, numbered, TALLIES, Talk } from './talk.ts'
import { askLedger, letHoldsPass, tallyBot } from './tally-bot.ts'

const AT_STATEMENT = fileURLToPath(new URL('../../../modules/support/kill-at-step.ts', import.meta.url))
const MANNERS = ['say', 'say', 'twice', 'earn', 'earn', 'fail', 'refuse'] as const

/** Where a process ends. Of what comes to pass again and again, a turn says which time it is. */
const PLACES = [
  // Before the handler, as it begins, and behind its writes.
  'arrived',
  'began',
  'wrote',
  // A statement of the bot, of any kind, or the end of a transaction.
  'statement',
  'commit',
  // A reply that the Bot API has not carried out, and one that it has, both before the bot knows.
  'unsent',
  'unanswered',
  // While it waits for updates.
  'idle',
  // Any moment.
  'moment',
] as const
type Place = (typeof PLACES)[number]

interface Point {
  readonly mode: Mode
  readonly place: Place
  readonly turn: number
}

/** Kills so many processes, in so many chains of processes of one bot each. */
export interface Chains {
  readonly chains: number
  readonly length: number
}

export function describeKills(kind: DatabaseKind, everyDay: Chains, deep: Chains): void {
  describe(`a bot on ${kind.title} that is killed (LIMBER_TEST_SEED=${seed})`, () => {
    it.each(chainsOn(kind, isDeep ? deep : everyDay))(
      'does everything exactly once, and answers at least once: %s',
      { timeout: 3_600_000 },
      (_name, points) => runChain(kind, points),
    )
  })
}

async function runChain(kind: DatabaseKind, points: readonly Point[]): Promise<void> {
  const bot = await tallyBot(kind)
  const talk = new Talk(bot.api.make)
  const lives: string[][] = []
  const chance = new Chance(points.map(({ place }) => place).join())
  const users = [bot.api.make.user(), bot.api.make.user(), bot.api.make.user({ username: "o'hara" })]
  for (const point of points) lives.push(await live(bot, () => tell(bot, talk, users, chance), point))
  lives.push(await lastLife(bot, talk))
  expect(numbered(await bot.ask(NOTES))).toEqual(talk.rowsOf('say', 'twice'))
  expect(numbered(await askLedger(bot, ENTRIES))).toEqual(talk.rowsOf('earn'))
  expect(numbered(await bot.ask(TALLIES))).toEqual(talk.tallies())
  for (const chat of talk.chats) checkReplies(talk.repliesIn(chat), chat, lives)
}

/** With about as many kills at each place as at the others. */
function chainsOn({ dialect }: DatabaseKind, { chains, length }: Chains): [string, Point[]][] {
  const chance = new Chance(`chains on ${dialect}`)
  const begin = chance.below(PLACES.length)
  return Array.from({ length: chains }, (_, chain) => {
    const points = Array.from({ length }, (_, index): Point => {
      const place = PLACES[(begin + chain * length + index) % PLACES.length] ?? 'idle'
      const turns = place === 'statement' ? 80 : place === 'moment' ? 2_000 : place === 'commit' ? 12 : 6
      return { place, turn: 1 + chance.below(turns), mode: chance.one(['polling', 'webhook']) }
    })
    return [points.map(({ mode, place, turn }) => `${mode} ${place} ${turn}`).join(', '), points]
  })
}

/** Some users tell the bot something at once, each in private or in the group of all. */
function tell(bot: BotFolder, talk: Talk, users: readonly User[], chance: Chance): void {
  const told = Array.from({ length: 8 }, () => {
    const user = users[chance.below(users.length)]
    if (!user) throw new Error('There is no such user.')
    const manner: Manner = chance.one(MANNERS)
    return talk.tell(user, manner, chance.below(3) === 0 ? GROUP : undefined)
  })
  bot.api.send(...told.map(({ update }) => update))
}

const GROUP = { id: -1_000_000_000_042, type: 'supergroup', title: 'All' } as const

/** Runs a process until it is killed, and gives the replies that were carried out meanwhile. */
async function live(bot: BotFolder, send: () => void, { mode, place, turn }: Point): Promise<string[]> {
  const { api } = bot
  const from = api.log.calls.length
  const attempts = () => api.log.attempts.filter(({ method }) => method === 'sendMessage').length
  const before = attempts()
  if (place === 'unsent' || place === 'unanswered')
    api.fail('sendMessage', place === 'unsent' ? 'hang' : 'mute', { after: turn - 1 })
  send()
  const limber = await bot.start(mode, killing(place, turn))
  const isReply = place === 'unsent' || place === 'unanswered'
  const isMet = () => isIdle(bot) || (isReply && attempts() - before >= turn)
  const end = place === 'moment' ? performance.now() + turn : undefined
  await eventually(
    () => hasEnded(limber) || (end === undefined ? isMet() : performance.now() > end),
    () => `${mode} ${place} ${turn}: ${api.waiting}`,
  )
  limber.child.kill('SIGKILL')
  const { signal, stderr, stdout } = await limber.ended
  expect(signal, `${mode} ${place} ${turn}: ${stdout}${stderr}`).toBe('SIGKILL')
  api.failNoMore()
  // What it had sent before may still be on its way.
  await api.until(() => api.connections === 0)
  await letHoldsPass(bot)
  return api.log.calls.slice(from).flatMap(nameOfReply)
}

function killing(place: Place, turn: number) {
  const at = `${place}:${turn}`
  if (place !== 'statement' && place !== 'commit') return { env: { LIMBER_TEST_KILL_AT: at } }
  const match = place === 'commit' ? 'commit$' : 'limber_bot_|note|tally|entry|commit$|begin|start'
  const env = { LIMBER_TEST_FOLDER: '/nowhere', LIMBER_TEST_KILL: String(turn), LIMBER_TEST_MATCH: match }
  return { env, nodeOptions: ['--import', AT_STATEMENT] }
}

/** All that was sent is handled and answered; a bot that polls waits for more. */
function isIdle({ api }: BotFolder): boolean {
  return api.waiting.length === 0
}

function hasEnded({ child }: RunningLimber): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Runs a process that nobody kills, until everything is done and answered, and stops it. */
async function lastLife(bot: BotFolder, talk: Talk): Promise<string[]> {
  const { api } = bot
  const from = api.log.calls.length
  const limber = await bot.start('polling')
  await limber.wrote('Polling as @')
  const missing = () =>
    talk.chats.flatMap((chat) => {
      const texts = new Set(api.log.texts(chat))
      return talk.repliesIn(chat).filter((text) => !texts.has(text))
    })
  await eventually(
    () => api.waiting.length === 0 && missing().length === 0,
    () => `${api.waiting.length} updates wait, and ${missing()} was not said`,
  )
  await letHoldsPass(bot)
  limber.child.kill('SIGTERM')
  const { code, stderr } = await limber.ended
  expect(code, stderr).toBe(0)
  return api.log.calls.slice(from).flatMap(nameOfReply)
}

interface Call {
  readonly method: string
  readonly chat: number | undefined
  readonly payload: Readonly<Record<string, unknown>>
}

const nameOfReply = ({ method, chat, payload }: Call) =>
  method === 'sendMessage' ? [`${chat}: ${payload.text}`] : []

/**
 * Each reply was sent, once in each life at most; again in a later one only when it was the last of its chat in the life that
 * was ended: there the process did not come to note it. Those that failed say all the same, and are counted.
 */
function checkReplies(texts: readonly string[], chat: number, lives: readonly string[][]): void {
  const here = lives.map((life) => life.filter((reply) => reply.startsWith(`${chat}: `)))
  for (const text of new Set(texts)) {
    const name = `${chat}: ${text}`
    const wanted = texts.filter((each) => each === text).length
    const sent = here.flat().filter((reply) => reply === name).length
    const again = here.slice(0, -1).filter((life) => life.at(-1) === name).length
    expect(sent, `${name} in ${JSON.stringify(here)}`).toBeGreaterThanOrEqual(wanted)
    expect(sent, `${name} in ${JSON.stringify(here)}`).toBeLessThanOrEqual(wanted + again)
  }
  const known = new Set(texts)
  const others = here.flat().filter((reply) => !known.has(reply.slice(`${chat}: `.length)))
  expect(others, 'nothing else was said').toEqual([])
}
