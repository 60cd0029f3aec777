/** @module Prints how long a login takes that is refused, for users who exist and for those who do not: over real HTTP. */
import { Application, ServiceProvider } from 'limber'
import { Hash } from 'limber/auth'
import { HttpServiceProvider } from 'limber/http'
import { pino } from 'pino'

const LOGINS = Number(process.argv[3] ?? 400)
const BUCKET = 1

const hash = new Hash()
const users = new Map([['ada', await hash.make('correct horse')]])

class LoginServiceProvider extends ServiceProvider {
  override boot() {
    this.app.make('router').post('/login/:name', async ({ params }) => {
      const stored = users.get(String(Reflect.get(Object(params), 'name')))
      if (stored) return { isRight: await hash.check('wrong horse', stored) }
      await hash.pretend('wrong horse')
      return { isRight: false }
    })
  }
}

const providers = [
  (app: Application) => new HttpServiceProvider(app),
  (app: Application) => new LoginServiceProvider(app),
]
await using app = new Application({ root: import.meta.dirname, config: { http: { port: 0 } }, providers })
app.instance('log', pino({ level: 'silent' }))
await app.boot()
await app.run(app.make('http'))
const url = String(app.make('http').address)

async function login(name: string): Promise<number> {
  const started = performance.now()
  const reply = await fetch(`${url}/login/${name}`, { method: 'POST' })
  await reply.text()
  return performance.now() - started
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

for (let i = 0; i < 20; i++) await login(i % 2 ? 'ada' : 'nobody')
const [known, unknown]: [number[], number[]] = [[], []]
for (let i = 0; i < LOGINS; i++) {
  // In turns, so that what else the machine does meets both.
  known.push(await login('ada'))
  unknown.push(await login('nobody'))
}
print('a wrong password ', known)
print('an unknown user  ', unknown)
