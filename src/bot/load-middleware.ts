/** @module Finds the middleware that the configuration lists. */
import { types } from 'node:util'
import type { Lazy } from '../application/define-app.ts'
import { type Constructor, isClass } from '../support/class-of.ts'
import { messageOf } from '../support/message-of.ts'
import { BotMiddlewareError } from './errors.ts'
import type { BotMiddleware } from './middleware.ts'

export type BotMiddlewareClass = Constructor<BotMiddleware>

/** Gives the classes in their order: the container makes one of each for every update. @throws {BotMiddlewareError} */
export async function loadMiddleware(entries: readonly Lazy[]): Promise<readonly BotMiddlewareClass[]> {
  return (await Promise.all(entries.map(classesOf))).flat()
}

async function classesOf(entry: Lazy): Promise<BotMiddlewareClass[]> {
  const label = isClass(entry) ? entry.name : String(entry)
  // What is no class is a function that imports one.
  const exported = isClass(entry)
    ? [entry]
    : Object.values(await importFile(entry as () => Promise<object>, label))
  const found = exported.filter(isMiddleware)
  if (found.length !== 1)
    throw new BotMiddlewareError(label, `it has ${found.length || 'no'} classes with a method handle.`)
  const isGenerator = found.some(({ prototype }) => types.isGeneratorFunction(prototype.handle))
  if (isGenerator)
    throw new BotMiddlewareError(label, 'its handle is a generator, of which nothing would run.')
  return found
}

function isMiddleware(value: unknown): value is BotMiddlewareClass {
  return isClass(value) && typeof value.prototype?.handle === 'function'
}

async function importFile(load: () => Promise<object>, label: string): Promise<object> {
  try {
    return await load()
  } catch (error) {
    throw new BotMiddlewareError(label, messageOf(error), error)
  }
}
