/** @module A scope that knows what it is for: who opened it, on whose behalf, and what the log says of it. */
import { randomUUID } from 'node:crypto'
import { currentScope, findScope } from '../container/resolution-frame.ts'
import { ServiceScope } from '../container/service-scope.ts'

/** What stands in every line that is logged inside a scope. */
export type Facts = Readonly<Record<string, unknown>>

export interface ScopeDescription {
  /** What opened it: `request`, `command`, `test`. Default: `scope`. */
  readonly kind?: string
  /** The route, the command or the job, for logs. */
  readonly label?: string
  /** The module on whose behalf it runs, which decides what it may use; default: that of the scope around it. */
  readonly module?: string | undefined
  /** What the work is for, such as the reply to a request: whoever opened the scope knows it again. */
  readonly origin?: object
  /** What is known of the work from outside, for the log: a request's id. Asked when the first line is written. */
  readonly facts?: () => Facts
}

export class DescribedScope extends ServiceScope {
  readonly kind: string
  readonly label: string | undefined
  readonly module: string | undefined
  /** Whether its work is for something else than that of the scope around it. */
  readonly hasOwnOrigin: boolean
  #origin: object | undefined
  #factsFromOutside: (() => Facts) | undefined
  #notes: Facts | undefined
  #id: string | undefined

  constructor(container: object, { kind = 'scope', label, module, origin, facts }: ScopeDescription) {
    super(container, currentScope())
    this.kind = kind
    this.label = label
    this.hasOwnOrigin = origin !== undefined
    this.#origin = origin ?? this.#originAround()
    const around = findScope(container)
    this.module = module ?? (around instanceof DescribedScope ? around.module : undefined)
    this.#factsFromOutside = facts
  }

  get id(): string {
    this.#id ??= randomUUID()
    return this.#id
  }

  /** What the work is for, here or in the nearest scope around this one; undefined when it is over. */
  get origin(): object | undefined {
    return this.#origin
  }

  /** What it is called in messages: `request GET /books`. */
  get title(): string {
    return this.label === undefined ? this.kind : `${this.kind} ${this.label}`
  }

  /** What every line says that is logged here: this scope, what was noted in it, and what was noted in those around it. */
  get facts(): Facts {
    return { scope: this.id, kind: this.kind, label: this.label, ...this.#noted() }
  }

  /**
   * Adds facts to every later line of the log that is written in this scope, and in those opened inside it.
   *
   * @example
   * ```ts
   * import type { Application } from 'limber'
   *
   * export function noteUser(app: Application, user: { id: number }) {
   *   app.currentScope()?.note({ user: user.id })
   * }
   * ```
   */
  note(facts: Facts): void {
    this.#notes = { ...this.#notes, ...facts }
  }

  /** Holds what the work was for no longer. What is logged from now on says the same. */
  letGo(): void {
    if (this.#factsFromOutside) this.#notes = { ...this.#factsFromOutside(), ...this.#notes }
    this.#factsFromOutside = undefined
    this.#origin = undefined
  }

  #originAround(): object | undefined {
    let scope = this.outer
    while (scope && scope.container !== this.container) scope = scope.outer
    return scope instanceof DescribedScope ? scope.origin : undefined
  }

  #noted(): Facts {
    const outer = this.outer instanceof DescribedScope ? this.outer.#noted() : undefined
    return { ...outer, ...this.#factsFromOutside?.(), ...this.#notes }
  }
}
