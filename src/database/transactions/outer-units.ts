/** @module The units of work inside an outer transaction: savepoints are a stack, so that units at once take turns. */
import { Scope } from '../../application/scope.ts'
import { currentScope } from '../../container/resolution-frame.ts'
import { WriterBusyError } from './transaction-errors.ts'
import { transactionFrames } from './transaction-frame.ts'

/** How long a unit of work waits for the one before it, in milliseconds. */
const LIMIT = 30_000

/** One transaction of those who know nothing of the outer one. */
export class OuterUnit {
  readonly savepoint: string
  readonly title: string
  /** Where it began: what begins inside of that cannot wait for its end. */
  readonly #scope = currentScope()
  readonly #frame = [...transactionFrames()][0]
  readonly ended = Promise.withResolvers<void>()
  /** The savepoints in it, by the names that were asked for. */
  readonly savepoints = new Map<string, string>()
  isCommitted = false
  /** What began in it and has committed: elsewhere that would stay, here it goes with it. */
  readonly inner: string[] = []
  /** Why nothing more is asked in it before it has gone back: PostgreSQL refuses what comes after a failure. */
  failure: unknown
  /** What was undone when it went back by itself, after a failure; undefined as long as it has not. */
  undone: readonly string[] | undefined
  /** Whether it was undone by another unit, whose savepoint is under its own. */
  isUndone = false

  constructor(savepoint: string) {
    this.savepoint = savepoint
    this.title = this.#scope instanceof Scope ? this.#scope.title : 'a transaction'
  }

  /** Forgets the savepoints that end with this one, or after it. */
  endSavepoint(name: string, how: 'rollback to' | 'release'): void {
    const names = [...this.savepoints.keys()]
    const from = names.indexOf(name)
    for (const ended of names.slice(how === 'release' ? from : from + 1)) this.savepoints.delete(ended)
  }

  /** Whether the code that runs here runs inside of this unit. */
  isAroundHere(): boolean {
    for (const frame of transactionFrames()) if (frame === this.#frame) return true
    for (let scope = currentScope(); scope; scope = scope.outer) if (scope === this.#scope) return true
    return false
  }
}

export class OuterUnits {
  /** The innermost last. */
  #open: OuterUnit[] = []

  /**
   * Waits for whoever has begun elsewhere.
   *
   * @throws {WriterBusyError}
   */
  async begin(savepoint: string): Promise<OuterUnit> {
    const unit = new OuterUnit(savepoint)
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(() => late.resolve(), LIMIT)
    const started = performance.now()
    try {
      for (let top = this.#open.at(-1); top && !top.isAroundHere(); top = this.#open.at(-1)) {
        if (performance.now() - started >= LIMIT) throw new WriterBusyError(LIMIT, [top.title])
        await Promise.race([top.ended.promise, late.promise])
      }
    } finally {
      clearTimeout(timer)
    }
    this.#open.push(unit)
    return unit
  }

  /** The innermost of those that are open. */
  get top(): OuterUnit | undefined {
    return this.#open.at(-1)
  }

  /** Notes a commit; gives the savepoint to release, unless a unit that began later is open above it. */
  commit(unit: OuterUnit): string | undefined {
    unit.isCommitted = true
    const lastOpen = this.#open.findLastIndex(({ isCommitted }) => !isCommitted)
    const closed = this.#close(lastOpen + 1)
    this.#open[lastOpen]?.inner.push(...closed.flatMap(({ title, inner }) => [title, ...inner]))
    return closed[0]?.savepoint
  }

  /** Notes a rollback; gives what had committed and is undone with it. */
  rollback(unit: OuterUnit): readonly string[] {
    const [, ...others] = this.#close(this.#open.indexOf(unit))
    for (const other of others) other.isUndone = true
    return [
      ...unit.inner,
      ...others.flatMap(({ title, inner, isCommitted }) => [...(isCommitted ? [title] : []), ...inner]),
    ]
  }

  /** Ends the waiting of everybody. */
  close(): void {
    this.#close(0)
  }

  #close(from: number): OuterUnit[] {
    const closed = from < 0 ? [] : this.#open.splice(from)
    for (const { ended } of closed) ended.resolve()
    return closed
  }
}
