/** @module Where what belongs to modules is kept: their databases, their copies, and what is enabled. */
import path from 'node:path'
import type { Application } from '../application/application.ts'
import { MODULE_STORAGE } from '../database/modules/module-storage.ts'
import type {} from './modules-config.ts'

/** The folder, absolute. */
export function storageOf(app: Application): string {
  return path.resolve(app.root, app.config.find('modules')?.storage ?? MODULE_STORAGE)
}
