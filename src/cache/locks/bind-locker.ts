/** @module Binds `cache.locker`. */
import type { Application } from '../../application/application.ts'

export function bindLocker(_app: Application): void {}
