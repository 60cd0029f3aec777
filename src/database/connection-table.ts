/** @module The connections of an application by name, and which models are on which of them. */
import type { Connection } from './connections/connection.ts'
import { ConnectionNotFoundError, DatabaseOffError } from './errors.ts'
import { ConnectionTakenError, ModelElsewhereError, ModelOfModuleError } from './modules/errors.ts'

export class ConnectionTable {
  readonly defaultName: string
  /** One whose database is switched off is undefined. */
  readonly #connections: Map<string, Connection | undefined>
  /** Of every model that has a table, by its class. Nothing is noted on the class: two applications may use it. */
  readonly #homes = new Map<object, string>()
  /** The modules whose models these are, also when their connection is gone. */
  readonly #modules = new WeakMap<object, string>()

  /** The names of those that are being opened. */
  readonly #opening = new Set<string>()
  /** The names of those that the configuration does not have. */
  readonly #added = new Set<string>()

  constructor(defaultName: string, names: readonly string[]) {
    this.defaultName = defaultName
    this.#connections = new Map(names.map((name) => [name, undefined]))
  }

  get names(): string[] {
    return [...this.#connections.keys()]
  }

  /** Those that are open. */
  get open(): Connection[] {
    return [...this.#connections.values()].filter((connection) => connection !== undefined)
  }

  /** @throws {ConnectionNotFoundError} @throws {DatabaseOffError} */
  get(name: string = this.defaultName): Connection {
    const connection = this.#connections.get(name)
    if (connection) return connection
    if (this.#connections.has(name)) throw new DatabaseOffError(name)
    throw new ConnectionNotFoundError(name, this.names)
  }

  /** Whether it is there, and switched off. */
  isOff(name: string): boolean {
    return this.#connections.has(name) && !this.#connections.get(name)
  }

  /**
   * Keeps a name for a connection that is being opened.
   *
   * @throws {ConnectionTakenError}
   */
  reserve(name: string): void {
    if (this.#connections.has(name) || this.#opening.has(name)) throw new ConnectionTakenError(name)
    this.#opening.add(name)
  }

  /** Gives the name back, when the connection has been opened or has failed to. */
  release(name: string): void {
    this.#opening.delete(name)
  }

  /** Notes an open connection with its models. */
  set(connection: Connection): void {
    if (this.#opening.has(connection.name)) this.#added.add(connection.name)
    this.#connections.set(connection.name, connection)
    for (const meta of connection.orm.getMetadata()) {
      if (meta.abstract || meta.embeddable || meta.pivotTable || !meta.class) continue
      this.#homes.set(meta.class, connection.name)
    }
  }

  /**
   * Takes out a connection that was added, with its models.
   *
   * @throws {ConnectionNotFoundError}
   */
  take(name: string): Connection {
    if (!this.#added.delete(name)) throw new ConnectionNotFoundError(name, [...this.#added])
    const connection = this.get(name)
    this.#connections.delete(name)
    for (const [model, home] of this.#homes) if (home === name) this.#homes.delete(model)
    return connection
  }

  /** Notes whose models these are. */
  own(models: readonly object[], module: string): void {
    for (const model of models) this.#modules.set(model, module)
  }

  /** The connection of a model that is on one, or that names one. */
  find(model: object): string | undefined {
    return this.#homes.get(model) ?? connectionNamedBy(model)
  }

  /**
   * Gives the connection of a model; undefined for the default one.
   *
   * @throws {ModelOfModuleError} when it is that of a module whose connection is not open
   */
  homeOf(model: object): string | undefined {
    const home = this.find(model)
    if (home !== undefined) return home === this.defaultName ? undefined : home
    const module = this.#modules.get(model)
    if (module !== undefined) throw new ModelOfModuleError(nameOf(model), module)
    return undefined
  }

  /**
   * Refuses a model that is on another connection than the one that is asked for it: by its name alone, the ORM could take
   * it for one that is called the same.
   *
   * @throws {ModelElsewhereError} @throws {ModelOfModuleError}
   */
  refuseStranger(model: object, name: string): void {
    const home = this.#homes.get(model)
    if (home === name) return
    if (home !== undefined) throw new ModelElsewhereError(nameOf(model), home, name)
    const module = this.#modules.get(model)
    if (module !== undefined) throw new ModelOfModuleError(nameOf(model), module)
  }
}

/** The connection that a model names itself. */
export function connectionNamedBy(model: object): string | undefined {
  const name: unknown = Reflect.get(model, 'connection')
  return typeof name === 'string' ? name : undefined
}

function nameOf(model: object): string {
  return String(Reflect.get(model, 'name'))
}
