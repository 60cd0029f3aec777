/** @module What the provider of a module is given. */
import { WrongStateError } from '../../application/errors.ts'
import { DatabaseOffError } from '../../database/errors.ts'
import { connectionNameOf } from '../../database/modules/connection-name.ts'
import type { Strings } from '../../strings/strings.ts'
import { ModuleDatabase } from '../database/module-database.ts'
import { ModulePermissionError } from '../errors.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import { moduleApplication } from '../module-application.ts'
import type { ModuleFacilities } from '../module-provider.ts'
import { OWN_DATABASE } from '../permissions/permission.ts'
import type { ModuleRoom } from './module-room.ts'
import { hasOwnDatabase } from './own-database.ts'

export function facilitiesFor(room: ModuleRoom, found: FoundModule, strings: Strings): ModuleFacilities {
  const { manifest } = found
  const log = room.app.make('log').child({ module: manifest.name })
  const database = new ModuleDatabase(room.app, connectionNameOf(manifest.name), manifest.name)
  return {
    app: moduleApplication(room.app, manifest.name, room.access),
    manifest,
    config: { ...manifest.config, ...room.config.config?.[manifest.name] },
    log,
    strings,
    database: () => {
      checkDatabase(room, found)
      return database
    },
  }
}

function checkDatabase({ connections }: ModuleRoom, found: FoundModule): void {
  const { name } = found.manifest
  if (!hasOwnDatabase(found)) throw new ModulePermissionError(name, 'this.db', OWN_DATABASE)
  if (connections.isOff(name)) throw new DatabaseOffError(connectionNameOf(name))
  if (connections.isOpen(name)) return
  const hint = 'Use it from onDatabaseReady() to onUnload().'
  throw new WrongStateError(`db of module "${name}"`, 'without the database of the module', hint)
}
