import { Application, type Provider, ProviderError, ServiceProvider, WrongStateError } from 'limber'
import { describe, expect, test } from 'vitest'
import { rejection } from '../container/print-shop.ts'

type Steps = { register?: (app: Application) => unknown; boot?: (app: Application) => unknown }

/** A provider class with the given name and steps. */
function provider(name: string, { register, boot }: Steps): (app: Application) => Provider {
  const Named = {
    [name]: class extends ServiceProvider {
      override register() {
        return register?.(this.app) as undefined
      }
      override async boot() {
        await boot?.(this.app)
      }
    },
  }[name]
  if (!Named) throw new Error(name)
  return (app) => new Named(app)
}

function application(...providers: ((app: Application) => Provider)[]): Application {
  return new Application({ root: '.', config: {}, providers })
}

describe('booting', () => {
  test('registers every provider before it boots the first, both in list order, each boot awaited', async () => {
    const log: string[] = []
    const noting = (name: string) =>
      provider(name, {
        register: () => void log.push(`register ${name}`),
        boot: async () => {
          log.push(`boot ${name}`)
          await Promise.resolve()
          log.push(`booted ${name}`)
        },
      })
    const app = application(noting('A'), noting('B'))
    expect(app.state).toBe('created')
    expect(await app.boot()).toBe(app)
    expect(app.state).toBe('booted')
    expect(log).toEqual(['register A', 'register B', 'boot A', 'booted A', 'boot B', 'booted B'])
  })

  test('lets boot() make what a later provider registered', async () => {
    const sizes: number[] = []
    const reader = provider('Reader', { boot: (app) => sizes.push(app.make('print.size')) })
    const binder = provider('Binder', { register: (app) => app.instance('print.size', 3) })
    await application(reader, binder).boot()
    expect(sizes).toEqual([3])
  })

  test('makes no singleton that nobody asks for', async () => {
    let made = 0
    const lazy = provider('Lazy', { register: (app) => app.singleton('print.size', () => ++made) })
    await application(lazy).boot()
    expect(made).toBe(0)
  })

  test('refuses to make a service while providers register', async () => {
    const hasty = provider('Hasty', {
      register: (app) => {
        app.instance('print.size', 3)
        app.make('print.size')
      },
    })
    const error = await rejection(application(hasty).boot())
    expect(error).toMatchObject({ code: 'LIMBER_PROVIDER', path: ['Hasty', 'register()'] })
    expect((error as Error).cause).toMatchObject({ code: 'LIMBER_MADE_WHILE_REGISTERING' })
  })

  test('refuses an asynchronous register(), which nobody would await', async () => {
    const app = application(provider('Slow', { register: async () => Promise.reject(new Error('unseen')) }))
    const error = await rejection(app.boot())
    expect(error).toMatchObject({ code: 'LIMBER_PROVIDER', path: ['Slow', 'register()'] })
  })

  test.each(['register', 'boot'] as const)('that fails names the provider and %s()', async (step) => {
    const cause = new Error('no bottle')
    const failing = provider('InkServiceProvider', {
      [step]: () => {
        throw cause
      },
    })
    const error = await rejection(application(failing).boot())
    expect(error).toBeInstanceOf(ProviderError)
    expect(error).toMatchObject({
      message: `InkServiceProvider failed in ${step}(): no bottle`,
      path: ['InkServiceProvider', `${step}()`],
      cause,
    })
  })

  test('that fails disposes what was built, boots nothing more, and leaves the application stopped', async () => {
    const log: string[] = []
    const built = provider('Built', {
      register: (app) => app.singleton('print.size', () => 3, { dispose: () => log.push('disposed') }),
      boot: (app) => app.make('print.size'),
    })
    const failing = provider('Failing', { boot: () => Promise.reject(new Error('no bottle')) })
    const later = provider('Later', { boot: () => log.push('booted later') })
    const app = application(built, failing, later)
    await rejection(app.boot())
    expect(log).toEqual(['disposed'])
    expect(app.state).toBe('stopped')
    await app.stop()
  })

  test('that fails keeps its reason when disposing fails as well, and tells both', async () => {
    const built = provider('Built', {
      register: (app) =>
        app.singleton('print.size', () => 3, { dispose: () => Promise.reject(new Error('stuck')) }),
      boot: (app) => app.make('print.size'),
    })
    const failing = provider('Failing', { boot: () => Promise.reject(new Error('no bottle')) })
    const error = await rejection(application(built, failing).boot())
    expect(error).toMatchObject({
      message: 'Failing failed in boot(): no bottle',
      cause: { message: 'no bottle', cause: { message: 'Stopping met 1 error: stuck' } },
    })
  })

  test('a second time is refused, also while the first goes on', async () => {
    let registered = 0
    const app = application(provider('Once', { register: () => void registered++ }))
    const first = app.boot()
    expect(await rejection(app.boot())).toBeInstanceOf(WrongStateError)
    await first
    expect(await rejection(app.boot())).toMatchObject({
      message: 'boot() was called when the application was booted.',
    })
    expect(registered).toBe(1)
  })

  test('that is overtaken by stop() does not leave a booted application behind', async () => {
    const app = application(provider('Slow', { boot: () => Promise.resolve() }))
    const booting = rejection(app.boot())
    await app.stop()
    expect(await booting).toBeInstanceOf(WrongStateError)
    expect(app.state).toBe('stopped')
  })

  test('that is overtaken by stop() fails also while something is still ending', async () => {
    const app = application(provider('Slow', { boot: () => Promise.resolve() }))
    const { promise, resolve } = Promise.withResolvers<void>()
    app.onStop(() => promise)
    const booting = rejection(app.boot())
    const stopping = app.stop()
    expect(await booting).toBeInstanceOf(WrongStateError)
    resolve()
    await stopping
    expect(app.state).toBe('stopped')
  })
})

test.each(['created', 'stopped'] as const)(
  'an application that is %s opens no scope and runs no kernel',
  async (state) => {
    const app = application()
    if (state === 'stopped') await (await app.boot()).stop()
    const kernel = { name: 'http', start: async () => undefined, stop: async () => undefined }
    expect(await rejection(app.scope(() => 1))).toMatchObject({ code: 'LIMBER_WRONG_STATE' })
    expect(await rejection(app.run(kernel))).toMatchObject({
      message: `run(http) was called when the application was ${state}.`,
    })
  },
)
