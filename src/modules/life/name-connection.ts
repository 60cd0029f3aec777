/** @module Says on a model of a module which connection it belongs to, unless it says so itself. */
import type { ModelClass } from '../../database/models/load-models.ts'

/** The class was evaluated for this module alone, and in every application the connection has the same name. */
export function nameConnection(model: ModelClass, connection: string): void {
  const type: object | undefined = typeof model === 'function' ? model : model.meta.class
  if (type === undefined || typeof Reflect.get(type, 'connection') === 'string') return
  Object.defineProperty(type, 'connection', { value: connection, configurable: true })
}
