/**
 * @module Loaded into a process with `--import`: ends it, as a failure of the machine would, before one of its steps: a
 * change of a file of the application, a statement on a database, the start of a program, or while that runs.
 *
 * LIMBER_TEST_FOLDER is the application; LIMBER_TEST_STEPS names a file that gets a line for each step; LIMBER_TEST_KILL
 * is the step, counted from 1, of those that LIMBER_TEST_MATCH says.
 */
import childProcess, { type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import path from 'node:path'

type Call = (this: unknown, ...args: unknown[]) => unknown

const { LIMBER_TEST_FOLDER: folder = '', LIMBER_TEST_STEPS: log, LIMBER_TEST_KILL: kill } = process.env
const { appendFileSync } = fs
const counted = new RegExp(process.env.LIMBER_TEST_MATCH ?? '')
let count = 0

function step(name: string): void {
  if (!counted.test(name)) return
  count++
  if (log) appendFileSync(log, `${name}\n`)
  if (String(count) !== kill) return
  process.kill(process.pid, 'SIGKILL')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

function around(target: object, method: string, nameOf: (args: unknown[]) => string | undefined): void {
  const original: Call = Reflect.get(target, method)
  Reflect.set(target, method, function (this: unknown, ...args: unknown[]) {
    const name = nameOf(args)
    if (name !== undefined) step(`${method} ${name}`)
    return original.apply(this, args)
  })
}

const inFolder = (place: unknown) => {
  const inside = path.relative(folder, String(place))
  return inside.startsWith('..') || inside.startsWith('.limber') ? undefined : inside
}
for (const method of ['renameSync', 'rmSync', 'mkdirSync', 'copyFileSync', 'cpSync']) {
  around(fs, method, (args) => inFolder(args.length > 1 && typeof args[1] === 'string' ? args[1] : args[0]))
}
around(fs, 'openSync', ([file, flags]) => (flags === 'w' ? inFolder(file) : undefined))
const { spawn } = childProcess
Reflect.set(childProcess, 'spawn', (...args: Parameters<typeof spawn>): ChildProcess => {
  step(`start ${args[0]} ${args[1].at(-1)}`)
  const child = spawn(...args)
  step(`${args[0]} runs`)
  return child.prependOnceListener('close', () => step(`${args[0]} has ended`))
})
syncBuiltinESMExports()

const told = (query: unknown) =>
  String(Reflect.get(Object(query), 'text') ?? Reflect.get(Object(query), 'sql') ?? query).replaceAll(
    /\s+/g,
    ' ',
  )
const load = createRequire(import.meta.url)
for (const [name, of] of [
  ['pg', (client: object) => Reflect.get(client, 'Client').prototype],
  ['mysql2', (client: object) => Object.getPrototypeOf(Reflect.get(client, 'Connection').prototype)],
] as const) {
  const prototype = of(load(name))
  around(prototype, 'query', ([query]) => told(query))
}

// The package has no types: its methods are functions.
const Sqlite = load('better-sqlite3') as { prototype: { prepare: Call } }
const { prepare } = Sqlite.prototype
Sqlite.prototype.prepare = function (...args) {
  const statement = prepare.apply(this, args)
  if (typeof statement !== 'object' || statement === null) return statement
  for (const verb of ['run', 'all']) around(statement, verb, () => String(args[0]).replaceAll(/\s+/g, ' '))
  return statement
}
