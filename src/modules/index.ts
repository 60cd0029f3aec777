/** @module limber/modules: features that come as folders, with permissions and a database of their own. */

export { StringsError, TextValueError } from '../strings/errors.ts'
export type { Strings, TextValues } from '../strings/strings.ts'
export { ModuleCodeError } from './code/errors.ts'
export type { AskConsent } from './consent.ts'
export { ModuleDatabase } from './database/module-database.ts'
export * from './errors.ts'
export type { ModuleFault } from './manifest/discover-modules.ts'
export * from './manifest/errors.ts'
export type { FoundModule, Manifest } from './manifest/manifest.ts'
export { type ModuleDraft, ModuleExtension, type ModuleExtensionClass } from './module-extension.ts'
export type { ModuleInfo, ModuleState } from './module-info.ts'
export {
  type ModuleFacilities,
  ModuleProvider,
  type ModuleProviderClass,
} from './module-provider.ts'
export type { ModuleName, ModuleOf, ModuleSessions, ModuleTypes } from './module-types.ts'
export { Modules } from './modules.ts'
export { defineModules, type ModulesConfig } from './modules-config.ts'
export { ModulesServiceProvider } from './modules-service-provider.ts'
export { PERMISSIONS, type Permission } from './permissions/permission.ts'
export { type EnabledModule, EnabledModules } from './state/enabled-modules.ts'
export * from './state/errors.ts'
export * from './update/errors.ts'
export type { UpdateResult } from './update/module-update.ts'
export type { UpdateOptions } from './update/prepare-update.ts'
