import { Application, type HealthCheck, type HealthOptions, HealthServiceProvider } from 'limber'
import { expect, test } from 'vitest'

declare module 'limber' {
  interface Services {
    'health.first': HealthCheck
    'health.second': HealthCheck
    'health.third': HealthCheck
  }
}

type Check = HealthCheck['check'] | Omit<HealthCheck, 'name'>

async function report(checks: Record<string, Check>, options?: HealthOptions) {
  const { health, warnings } = await checking(checks)
  return { report: await health.report(options), warnings }
}

async function checking(checks: Record<string, Check>) {
  const warnings: string[] = []
  const log = { warn: (_: object, message: string) => void warnings.push(message) }
  const services = (app: Application) => ({
    register: () => {
      // The one method of the log that the health report calls.
      app.instance('log', log as never)
      const keys = ['health.first', 'health.second', 'health.third'] as const
      for (const [index, [name, check]] of Object.entries(checks).entries()) {
        const key = keys[index] ?? 'health.first'
        app.instance(key, { name, ...(typeof check === 'function' ? { check } : check) })
        app.tag('health', key)
      }
    },
    boot: () => undefined,
  })
  const providers = [(app: Application) => new HealthServiceProvider(app), services]
  const app = await new Application({ root: '.', config: {}, providers }).boot()
  return { health: app.make('health'), warnings }
}

const well = async () => undefined

test('the health report is ok when every check is', async () => {
  const { report: healthy } = await report({ database: well, disk: well })
  expect(healthy).toEqual({ status: 'ok', checks: { database: 'ok', disk: 'ok' } })
})

test('the failure of what the application can do without is told, and is no failure of the whole', async () => {
  const check = () => Promise.reject(new Error('away'))
  const { health } = await checking({ cache: { isOptional: true, check }, disk: well })
  expect(await health.report()).toEqual({ status: 'ok', checks: { cache: 'failing', disk: 'ok' } })
})

test('the health report says which check fails, and why only in the log', async () => {
  const { report: ill, warnings } = await report({
    database: () => Promise.reject(new Error('connection to 10.0.0.7 refused')),
    disk: () => {
      throw new Error('full')
    },
    queue: well,
  })
  expect(ill).toEqual({ status: 'failing', checks: { database: 'failing', disk: 'failing', queue: 'ok' } })
  expect(warnings).toEqual(['health: database is failing', 'health: disk is failing'])
})

test('a check that hangs is failing when its time is over, and is not begun again while it hangs', async () => {
  let begun = 0
  const hang = () => {
    begun++
    return new Promise<void>(() => undefined)
  }
  const { health, warnings } = await checking({ database: hang, disk: well })
  const failing = { status: 'failing', checks: { database: 'failing', disk: 'ok' } }
  expect(await health.report({ timeout: 10 })).toEqual(failing)
  expect(await health.report({ timeout: 10 })).toEqual(failing)
  expect(begun).toBe(1)
  expect(warnings).toEqual(['health: database is failing', 'health: database is failing'])
})

test('a report may be given again for a while, and those who ask at once share one', async () => {
  let asked = 0
  const { health } = await checking({
    database: async () => {
      asked++
    },
  })
  await Promise.all([health.report({ maxAge: 60_000 }), health.report({ maxAge: 60_000 })])
  await health.report({ maxAge: 60_000 })
  expect(asked).toBe(1)
  await health.report()
  expect(asked).toBe(2)
})
