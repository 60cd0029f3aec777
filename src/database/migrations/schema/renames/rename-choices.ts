/** @module What a person has decided about names that are gone: renamed, or dropped. */
import { RenameChoiceError } from '../errors.ts'

/** A table or column that the models do not have any more, while there are new ones that it may have become. */
export interface LostName {
  /** `book`, or `book.title`. */
  readonly name: string
  readonly candidates: readonly string[]
}

export interface RenameOptions {
  /** `book.title=name` and `book=novel`. */
  readonly rename?: readonly string[] | undefined
  /** `book.title` and `book`. */
  readonly drop?: readonly string[] | undefined
  /** Asks a person: gives one of the candidates, or undefined for none. */
  readonly ask?: ((lost: LostName) => Promise<string | undefined>) | undefined
}

export class RenameChoices {
  readonly #renames: ReadonlyMap<string, string>
  readonly #drops: ReadonlySet<string>
  readonly #ask: RenameOptions['ask']
  readonly #used = new Set<string>()
  readonly #open: LostName[] = []

  /** @throws {RenameChoiceError} */
  constructor({ rename = [], drop = [], ask }: RenameOptions) {
    const pairs = rename.map((written) => pairOf(written))
    this.#renames = new Map(pairs)
    this.#drops = new Set(drop)
    this.#ask = ask
    const twice = [...drop, ...pairs.map(([from]) => from)].find(
      (name, index, all) => all.indexOf(name) !== index,
    )
    if (twice) throw new RenameChoiceError(`"${twice}" is decided about more than once.`)
  }

  /** What could not be decided. */
  get open(): readonly LostName[] {
    return this.#open
  }

  /**
   * Gives the new name, or undefined when it is dropped or nobody has decided.
   *
   * @param aliases what the lost name may also be called
   */
  async decide(lost: LostName, aliases: readonly string[] = []): Promise<string | undefined> {
    for (const name of [lost.name, ...aliases]) {
      if (this.#drops.has(name)) {
        this.#used.add(name)
        return undefined
      }
      const to = this.#renames.get(name)
      if (to === undefined) continue
      this.#used.add(name)
      if (lost.candidates.includes(to)) return to
      throw new RenameChoiceError(`"${lost.name}" cannot become "${to}": ${newOnes(lost.candidates)}.`)
    }
    if (lost.candidates.length === 0) return undefined
    if (this.#ask) return this.#ask(lost)
    this.#open.push(lost)
    return undefined
  }

  /** @throws {RenameChoiceError} for a name that nobody has lost, which is most likely mistyped */
  refuseUnused(): void {
    const unused = [...this.#renames.keys(), ...this.#drops].find((name) => !this.#used.has(name))
    if (unused === undefined) return
    throw new RenameChoiceError(`"${unused}" is not among what the models have lost.`)
  }
}

/** Between a new table and an old one, or a new column and an old one: the second may also be written with its table. */
function pairOf(written: string): [string, string] {
  const [from, to, ...rest] = written.split('=').map((part) => part.trim())
  if (!from || !to || rest.length > 0)
    throw new RenameChoiceError(`"${written}" does not say what is renamed to what.`)
  const table = from.slice(0, from.lastIndexOf('.') + 1)
  return [from, table && to.startsWith(table) ? to.slice(table.length) : to]
}

function newOnes(candidates: readonly string[]): string {
  if (candidates.length === 0) return 'the models have nothing new that it could be'
  return `what is new is ${candidates.map((name) => `"${name}"`).join(', ')}`
}
