import { ModuleProvider } from 'limber/modules'
import { Tick } from './models/tick.ts'

/** Stays while others come and go. */
export class Clock extends ModuleProvider {
  classes() {
    return [Clock, Tick]
  }
}

declare module 'limber/modules' {
  interface ModuleTypes {
    clock: Clock
  }
}
