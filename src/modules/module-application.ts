/** @module The application as one module may use it: the same object, with what the module asks of it checked. */
import type { Application } from '../application/application.ts'
import type { ScopeOptions } from '../application/scope.ts'
import { keyName, type ServiceKey, type ServiceName } from '../container/services.ts'
import { binderOf } from './binder.ts'
import { ModuleCallError } from './errors.ts'
import type { ModuleAccess } from './permissions/module-access.ts'

type Call = (...args: never[]) => unknown

/** What belongs to the application alone. */
const REFUSED: readonly (string | symbol)[] = [
  'boot',
  'run',
  'stop',
  'onStop',
  'dispose',
  'registering',
  'removeBoundBy',
  'guard',
  Symbol.asyncDispose,
]

const BINDING = ['bind', 'singleton', 'scoped', 'instance', 'alias', 'tag']

/** What changes a service that is bound already. */
const CHANGING = ['extend', 'rebind', 'swap']

/** Gives a view of the application for the provider of a module. What the provider binds through it is the module's. */
export function moduleApplication(app: Application, module: string, access: ModuleAccess): Application {
  const calls = new Map<string | symbol, Call>()
  const view: Application = new Proxy(app, {
    get: (_, name) => {
      const own = calls.get(name)
      if (own) return own
      // Methods have private fields of the application itself.
      const value: unknown = Reflect.get(app, name, app)
      return typeof value === 'function' ? value.bind(app) : value
    },
  })
  const real = (name: string) => Reflect.get(app, name, app).bind(app) as Call
  for (const name of REFUSED) calls.set(name, refusal(module, name))
  const ask = asking(app, module, access, view)
  calls.set('make', (key: ServiceKey) => ask(key))
  calls.set('makeAsync', async (key: ServiceKey) => ask(key, 'makeAsync'))
  for (const name of BINDING) calls.set(name, binding(app, real(name), module))
  for (const name of CHANGING) {
    const change = name === 'rebind' ? binding(app, real(name), module) : real(name)
    calls.set(name, changing(app, change, name, module))
  }
  calls.set('has', (key: ServiceKey) => access.may(module, key) && app.has(key))
  calls.set('call', (keys: readonly ServiceKey[], fn: Call) => {
    // One service for each key, in the order of the keys.
    return fn(...(keys.map((key) => ask(key)) as never[]))
  })
  const owned = (options?: ScopeOptions) => ({ ...options, module })
  calls.set('scope', (fn: Parameters<Application['scope']>[0], options?: ScopeOptions) =>
    app.scope(fn, owned(options)),
  )
  calls.set('openScope', (options?: ScopeOptions) => app.openScope(owned(options)))
  return view
}

function refusal(module: string, name: string | symbol): Call {
  return () => {
    throw new ModuleCallError(module, `app.${String(name)}()`, 'that belongs to the application.')
  }
}

function asking(app: Application, module: string, access: ModuleAccess, view: Application) {
  return (key: ServiceKey, verb: 'make' | 'makeAsync' = 'make'): unknown => {
    access.check(module, key)
    // Whoever asks by the key that it is given gets what is under it.
    if (key === 'app') return view
    return verb === 'make' ? app.make(key as ServiceName) : app.makeAsync(key as ServiceName)
  }
}

function binding(app: Application, bind: Call, module: string): Call {
  return (...args) => app.registering(binderOf(module), () => void bind(...args))
}

function changing(app: Application, change: Call, name: string, module: string): Call {
  return (...args) => {
    const [key] = args as readonly unknown[]
    const owner = app.list().find((service) => service.key === key)?.boundBy
    if (owner === binderOf(module)) return change(...args)
    const reason = owner ? `that service was bound by ${owner}.` : 'the module has not bound that.'
    throw new ModuleCallError(module, `app.${name}(${keyName(key)})`, reason)
  }
}
