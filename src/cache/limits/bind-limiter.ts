/** @module Binds `limiter`. */
import type { Application } from '../../application/application.ts'

export function bindLimiter(_app: Application): void {}
