/**
 * @module Prints how long a login takes that is refused, by the reason: over real HTTP, through the route of the library.
 * `node bench/run.js login-timing [logins of each kind]`
 */
import type { AuthConfig } from 'limber/auth'
import { createTestApplication } from 'limber/testing'

const LOGINS = Number(process.argv[3] ?? 400)
const BUCKET = 1

/** Addresses of one length, none of which gets in. */
const KINDS = {
  'a wrong password       ': 'ada@example.com',
  'an unknown user        ': 'eve@example.com',
  'a user without password': 'ian@example.com',
  'a user who is removed  ': 'may@example.com',
}

const unlimited = (auth: AuthConfig | undefined) => auth && { ...auth, login: false as const }
const config = { auth: unlimited, http: { port: 0 }, log: { level: 'silent' } }
await using test = await createTestApplication({ config, seed: 'database' })
const rows = (sql: string) => test.make('db.connection').execute(sql)
await rows(`insert into user (name, email) values ('Ian', 'ian@example.com')`)
await rows(
  `insert into user (name, email, password_hash, deleted_at)
   select 'May', 'may@example.com', password_hash, '2026-01-01' from user where email = 'ada@example.com'`,
)
await test.app.run(test.make('http'))
const url = `${test.make('http').address}/login`

async function login(email: string): Promise<number> {
  const body = JSON.stringify({ email, password: 'wrong horse' })
  const started = performance.now()
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  await reply.text()
  const time = performance.now() - started
  if (reply.status !== 401) throw new Error(`The login of ${email} was answered with ${reply.status}.`)
  return time
}

function print(title: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2)
  const points = [0, 0.1, 0.5, 0.9, 0.99].map((share) => `p${share * 100} ${at(share)}`).join('  ')
  process.stdout.write(`${title}: ${points} ms\n`)
  const buckets = Map.groupBy(sorted, (time) => Math.floor(time / BUCKET) * BUCKET)
  for (const [from, { length }] of buckets) {
    if (length * 100 < times.length) continue
    process.stdout.write(
      `  ${String(from).padStart(4)} ms ${'█'.repeat(Math.ceil((length * 60) / times.length))} ${length}\n`,
    )
  }
}

const kinds = Object.entries(KINDS).map(([title, email]) => ({ title, email, times: [] as number[] }))
for (let i = 0; i < 5; i++) for (const { email } of kinds) await login(email)
for (let i = 0; i < LOGINS; i++) {
  // In turns that begin with another one each time, so that what else the machine does meets all of them.
  for (let turn = 0; turn < kinds.length; turn++) {
    const kind = kinds[(i + turn) % kinds.length]
    kind?.times.push(await login(kind.email))
  }
}
for (const { title, times } of kinds) print(title, times)
const [wrong, ...others] = kinds
process.stdout.write('less or more than a wrong password just before or after it, the median:\n')
for (const { title, times } of others) {
  const pairs = times.map((time, i) => time - (wrong?.times[i] ?? 0)).sort((a, b) => a - b)
  process.stdout.write(`${title}: ${(pairs[Math.floor(pairs.length / 2)] ?? 0).toFixed(2)} ms\n`)
}
