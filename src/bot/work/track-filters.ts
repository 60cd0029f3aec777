/** @module Has the end of a module wait for its filters: they run before anybody knows whose the update is. */
import type { RegisteredHandler } from '../handlers/registered-handler.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import type { Underway } from './underway.ts'

/** Gives the same handlers, whose filters go on as something of theirs. */
export function trackFilters(
  handlers: readonly RegisteredHandler[],
  underway: Underway,
): readonly RegisteredHandler[] {
  return handlers.map((handler) => {
    const { options } = handler
    if (!options.filter) return handler
    const filter = (incoming: IncomingUpdate) => underway.track(ask(options, incoming))
    return { ...handler, options: { ...options, filter } }
  })
}

async function ask(options: RegisteredHandler['options'], incoming: IncomingUpdate): Promise<boolean> {
  return options.filter ? options.filter(incoming) : true
}
