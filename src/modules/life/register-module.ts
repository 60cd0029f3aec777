/** @module Registers what a module binds: by its own provider, and the session of its database under its name. */
import type { Application } from '../../application/application.ts'
import type { ServiceName } from '../../container/services.ts'
import { connectionNameOf } from '../../database/modules/connection-name.ts'
import { binderOf } from '../binder.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import type { ModuleProvider } from '../module-provider.ts'
import { hasOwnDatabase } from './own-database.ts'

export function registerModule(app: Application, found: FoundModule, provider: ModuleProvider): void {
  const { name } = found.manifest
  app.registering(binderOf(name), () => {
    if (hasOwnDatabase(found) && app.has('db')) bindSession(app, name)
    const result: unknown = provider.register()
    if (!(result instanceof Promise)) return
    result.catch(() => undefined)
    throw new TypeError('it is asynchronous, and nobody would await it; move what it awaits into boot().')
  })
}

function bindSession(app: Application, module: string): void {
  // The module adds this name to Services itself, with ModuleTypes.
  const key = `db.session.${module}` as ServiceName
  const session: () => never = () => app.make('db.sessions').get(connectionNameOf(module)) as never
  app.scoped(key, session, { needs: ['modules.start'] })
}
