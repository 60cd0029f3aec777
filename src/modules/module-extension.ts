/** @module Base extensions: what alters every module between its manifest and its registration. */
import type { Application } from '../application/application.ts'
import type { Lazy } from '../application/define-app.ts'
import type { PartFile } from '../application/ports/module-part.ts'
import type { Manifest } from './manifest/manifest.ts'
import type { ModuleProvider } from './module-provider.ts'

/** A module before it is registered: what stands here is what is going to be registered. */
export interface ModuleDraft {
  readonly manifest: Manifest
  /** Its provider; one without hooks where it has none of its own. */
  provider: ModuleProvider
  /** Its model classes, or imports of their files. */
  models: Lazy[]
  /** Its commands: classes with a static definition. */
  commands: Lazy[]
  /** Its other parts, by the name of their file or folder: `routes`, `handlers`. */
  readonly parts: Map<string, PartFile[]>
}

/**
 * Extends `ModuleExtension` and is listed in `config/modules.ts`.
 *
 * @example
 * ```ts
 * import { type ModuleDraft, ModuleExtension } from 'limber/modules'
 *
 * export class NoCommands extends ModuleExtension {
 *   override extend(module: ModuleDraft) {
 *     module.commands = []
 *   }
 * }
 * ```
 */
export abstract class ModuleExtension {
  protected readonly app: Application

  constructor(app: Application) {
    this.app = app
  }

  /** Called for every module that is loaded, after its code was imported and before anything of it is registered. */
  abstract extend(module: ModuleDraft): void | Promise<void>
}

export type ModuleExtensionClass = new (app: Application) => ModuleExtension
