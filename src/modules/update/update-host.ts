/** @module What an update needs of the application around it. */
import type { Driver } from '../../database/connections/driver.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import type { EnabledModules } from '../state/enabled-modules.ts'

export interface UpdateHost {
  readonly root: string
  /** The folder of what belongs to modules, absolute. */
  readonly storage: string
  readonly enabled: EnabledModules
  /** Reads every manifest there is. */
  discover(): Promise<readonly FoundModule[]>
  isLoaded(name: string): boolean
  load(name: string): Promise<void>
  /** Resolves when nothing of it runs any more and its connection is closed. */
  unload(name: string): Promise<void>
  /** The database of the module, where it has one of its own; also when its folder is not there. */
  driverOf(name: string): Promise<Driver | undefined>
  /** Applies the migrations of its folder, and gives their names. Its connection is closed afterwards, in any case. */
  migrate(module: FoundModule): Promise<readonly string[]>
}
