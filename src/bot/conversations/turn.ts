/** @module One update of a conversation: what it has said by then, and where it goes on. */
import type { StateData } from '../state/chat-state.ts'

/** Where a conversation goes after an update; undefined: it stays where it was. */
export type Decision = { readonly step: string; readonly data: StateData } | 'end' | undefined

export class Turn {
  readonly #data: StateData
  #decision: Decision
  #isOver = false

  constructor(data: StateData) {
    this.#data = data
  }

  get data(): StateData {
    return this.#data
  }

  get decision(): Decision {
    return this.#decision
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** The last word counts. */
  decide(decision: Decision): void {
    this.#decision = decision
  }

  finish(): void {
    this.#isOver = true
  }
}

const turns = new WeakMap<object, Turn>()

/** Tells a conversation what it is about; one is made for each update. */
export function giveTurn(conversation: object, turn: Turn): void {
  turns.set(conversation, turn)
}

/** Gives the turn that is running; undefined where none is. */
export function turnOf(conversation: object): Turn | undefined {
  const turn = turns.get(conversation)
  return turn?.isOver ? undefined : turn
}
