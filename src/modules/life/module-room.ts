/** @module What the lives of all modules of an application share. */
import type { Application } from '../../application/application.ts'
import type { ServiceScope } from '../../container/service-scope.ts'
import type { ModulesConfig } from '../modules-config.ts'
import type { ModuleAccess } from '../permissions/module-access.ts'
import type { ModuleConnections } from './module-connections.ts'

export interface ModuleRoom {
  readonly app: Application
  readonly config: ModulesConfig
  readonly access: ModuleAccess
  readonly connections: ModuleConnections
  /** The hooks that run now. */
  readonly hooks: Set<ServiceScope>
}
