/** @module The making of one service, from its beginning to the moment it is there or has failed. */
import type { Constructor } from '../support/class-of.ts'
import type { Binding } from './binding.ts'

/** What is being made: a binding, or a class that nobody bound. */
export type InMaking = Binding | Constructor

export interface Making {
  readonly making: InMaking | undefined
  /** Whether it goes on; code that its factory started may outlive it. */
  isActive: boolean
  /** The makings that others began and this one awaits. */
  waitsFor: Set<Making> | undefined
}
