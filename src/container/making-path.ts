/** @module What is being made here, as a path for messages, and the circles on that path. */
import type { ClassGraph } from './class-graph.ts'
import { CircularServiceError } from './errors.ts'
import type { InMaking, Making } from './making.ts'
import { activeMakings, currentFrame, type ResolutionFrame } from './resolution-frame.ts'
import { keyName, type ServiceKey } from './services.ts'

export class MakingPath {
  readonly #graph: ClassGraph

  constructor(graph: ClassGraph) {
    this.#graph = graph
  }

  /** The names of what is being made in a frame, from the outermost, down to the one that is asked for. */
  names(frame: ResolutionFrame = currentFrame(), last?: InMaking): string[] {
    const makings = activeMakings(frame).map((active) => active.making)
    return this.#names([...makings.reverse(), last].filter((making) => making !== undefined))
  }

  /** @throws {CircularServiceError} when the same is being made here already */
  refuseCircle(wanted: InMaking, frame: ResolutionFrame): void {
    if (frame.outer === undefined && frame.making !== wanted) return
    const makings = activeMakings(frame).map((active) => active.making)
    const start = makings.indexOf(wanted)
    if (start < 0) return
    const circle = makings.slice(0, start + 1).reverse()
    throw new CircularServiceError(this.#names([...circle, wanted].filter((making) => making !== undefined)))
  }

  /**
   * Notes that what is made here awaits a making that somebody else began.
   *
   * @throws {CircularServiceError} when that one awaits, perhaps through others, what is made here
   */
  wait(awaited: Making): void {
    const here = activeMakings(currentFrame())
    const circle = trail(awaited, new Set<Making>(here), new Set())
    if (circle) {
      const makings = circle.map((frame) => frame.making).filter((making) => making !== undefined)
      throw new CircularServiceError([...this.names(), ...this.#names(makings)])
    }
    for (const frame of here) {
      frame.waitsFor ??= new Set()
      frame.waitsFor.add(awaited)
    }
  }

  /** Adds the classes that lie between a class and what it injects: inversify makes them without asking us. */
  #names(makings: readonly InMaking[]): string[] {
    return makings.flatMap((making, index) => {
      const key = keyOf(making)
      const before = makings[index - 1]
      const between = before && isClassOf(before) ? this.#graph.between(keyOf(before), key) : []
      return [...between, keyName(key)]
    })
  }
}

/** The makings on the way from one to any of the targets, along what each of them awaits. */
function trail(from: Making, targets: ReadonlySet<Making>, seen: Set<Making>): Making[] | undefined {
  if (targets.has(from)) return [from]
  if (!from.isActive || seen.has(from)) return undefined
  seen.add(from)
  for (const next of from.waitsFor ?? []) {
    const rest = trail(next, targets, seen)
    if (rest) return [from, ...rest]
  }
  return undefined
}

function keyOf(making: InMaking): ServiceKey {
  return typeof making === 'function' ? making : making.key
}

function isClassOf(making: InMaking): boolean {
  return typeof making === 'function' || making.implementation !== undefined
}
