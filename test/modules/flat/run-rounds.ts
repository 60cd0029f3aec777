/** @module Loads and unloads the modules of an application very often, and prints what is left. Run with --expose-gc. */
import { deepStrictEqual as expectEqual, match, rejects } from 'node:assert/strict'
import { SourceFiles } from './source-files.ts'
import { WhatIsLeft } from './what-is-left.ts'
import { WholeApplication } from './whole-application.ts'

const [root = '', database = '', work = '', given = ''] = process.argv.slice(1)
const rounds = Number(given)
/** The module that stays while the others come and go is loaded anew once in so many rounds. */
const STAYS = 10

const left = new WhatIsLeft(root, database)
const files = new SourceFiles(root)
let round = 0

const isFailing = work.startsWith('failing')

/** For how many more rounds classes of a module may be there; code that fails has to be gone when it has failed. */
function lifeOf(module: string): number {
  if (module === 'clock') return isFailing ? rounds : STAYS
  return work === 'failing code' ? -1 : 0
}

const see = (module: string, values: readonly unknown[]) => left.see(values, round + lifeOf(module))
// Code that fails tells of its classes itself.
Object.assign(globalThis, { see })

const whole = await WholeApplication.start(root, database, see)
const { app, modules } = whole

/** Uses all that the modules have: everything says the number of the round. */
async function useAll(): Promise<void> {
  const [stall, cart] = [modules.get('stall'), modules.get('cart')]
  expectEqual(stall.rounds(), [round, round, round, round])
  expectEqual([app.make('stall.round'), app.make('stall.slow')], [round, `Round ${round}`])
  const { id, edition } = Object(await whole.post('/stall/books', { name: 'Ada' }))
  expectEqual(edition, round)
  expectEqual(await whole.get(`/stall/books/${id}`), { round, deep: round, books: 1 })
  expectEqual(await whole.get('/cart'), { stall: round, amount: round })
  expectEqual(await whole.run('round'), `${round} ${round}\n`)
  expectEqual(await whole.say('/stall'), [`Stall ${round}`])
  expectEqual(await whole.say('/authors'), [`Authors: 0, round ${round}, deep ${round}`])
  expectEqual(
    [...(await whole.say('/talk')), ...(await whole.say('on'))],
    [`Round ${round}`, `nothing ${round}`],
  )
  see('stall', [...stall.classes(), ...cart.classes()])
}

async function reload(): Promise<void> {
  files.write(round)
  await modules.reload('stall')
}

async function unloadAndLoad(): Promise<void> {
  await modules.unload('stall', { cascade: true })
  expectEqual([await whole.get('/stall/round'), await whole.get('/own')], [404, 'own'])
  files.write(round)
  await modules.load('cart')
}

/** Refused at most because the module is just going; then it would come again. */
async function write(text: string): Promise<void> {
  try {
    await whole.say(text)
  } catch (error) {
    match(tellOf(error), /The bot is stopping/)
  }
}

async function succeed(change: () => Promise<void>): Promise<void> {
  if (round % STAYS === 5) await modules.reload('clock')
  const events = round % STAYS === 7 ? await whole.listen('/stall/events') : undefined
  // While it changes somebody writes.
  await Promise.all([change(), ...['/stall', '/authors', '/talk'].map(write)])
  if (events) match(await events.all, new RegExp(`data: ${round - 1}\n\n$`))
  await useAll()
}

async function fail(): Promise<void> {
  files.write(round)
  files.create(...faultOf(round))
  const reason = work === 'failing models' ? 'Duplicate table names' : `This is round ${round}.`
  await rejects(modules.reload('stall'), (error) => tellOf(error).includes(reason))
  expectEqual([await whole.get('/stall/round'), await whole.get('/own')], [404, 'own'])
}

function faultOf(number: number): [file: string, text: string] {
  const fault = `throw new Error('This is round ${number}.')`
  const provider = 'modules/stall/provider.ts'
  if (work === 'failing code') {
    const tell = "Reflect.get(globalThis, 'see')('stall', [Stall, Book, Author, BooksController, Stock])"
    return [provider, `${files.textOf(provider)}\n${tell}\n${fault}`]
  }
  if (work === 'failing models') {
    const book = 'modules/stall/models/book.ts'
    const tell = "Reflect.get(globalThis, 'see')('stall', [Book])"
    return [book, `${files.textOf(book).replace('@Entity()', "@Entity({ tableName: 'author' })")}\n${tell}`]
  }
  return ['modules/stall/migrations/1.1.0.ts', migration(fault)]
}

const migration = (fault: string) => `
import { Migration } from 'limber/database'
import { Book } from '../models/book.ts'
import { Stock } from '../services.ts'
export class Later extends Migration {
  override async up() { await this.execute('select 1'); ${fault} }
  override async down() { await this.execute('select 1') }
}
Reflect.get(globalThis, 'see')('stall', [Later, Book, Stock])`

/** Corrects what was wrong. */
async function recover(): Promise<void> {
  if (work === 'failing migrations') files.create('modules/stall/migrations/1.1.0.ts', migration(''))
  await reload()
  await useAll()
}

function tellOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return `${error.message} ${Reflect.get(error, 'hint')} ${tellOf(error.cause)}`
}

if (work === 'failing migrations') {
  const manifest = 'modules/stall/module.yaml'
  files.create(manifest, files.textOf(manifest).replace('1.0.0', '1.1.0'))
}
const started = performance.now()
const measured = []
for (round = 1; round <= rounds; round += 1) {
  if (isFailing) await fail()
  else await succeed(work === 'reload' ? reload : unloadAndLoad)
  if ([rounds / 10, rounds / 2, rounds].includes(round)) measured.push(await left.measure(round))
}
const milliseconds = performance.now() - started
if (isFailing) await recover()
await whole[Symbol.asyncDispose]()
console.info(JSON.stringify({ measured, milliseconds }))
