/** @module Random work on the publishing house. */
import * as fc from 'fast-check'
import { STRATEGIES, type Strategy } from '../describe-path.ts'
import { KINDS, type Kind } from './ledger.ts'

/** Rows are chosen by a number, of which the rest of a division by how many there are counts. */
export type Step =
  | { readonly do: 'create'; readonly kind: Kind; readonly parent: number; readonly unique: number }
  | { readonly do: 'rename'; readonly row: number }
  | {
      readonly do: 'move'
      readonly row: number
      readonly parent: number | null
      readonly by: 'owner' | 'collection'
    }
  | { readonly do: 'remove'; readonly row: number; readonly as: 'entity' | 'reference' | 'destroy' }
  | { readonly do: 'link'; readonly book: number; readonly tag: number; readonly isLoaded: boolean }
  | { readonly do: 'unlink'; readonly book: number; readonly tag: number; readonly isLoaded: boolean }
  | { readonly do: 'restore'; readonly row: number }
  | { readonly do: 'forceRemove'; readonly row: number }
  | { readonly do: 'restore where'; readonly kind: Kind; readonly rows: readonly number[] }
  | { readonly do: 'native delete' | 'query builder'; readonly kind: Kind; readonly where: Where }
  | { readonly do: 'force'; readonly by: 'native delete' | 'query builder'; readonly row: number }
  | { readonly do: 'upsert'; readonly kind: 'Author' | 'Tag'; readonly unique: number }
  | { readonly do: 'load'; readonly kind: Kind; readonly relations: number }
  | { readonly do: 'look'; readonly kind: Kind }
  | { readonly do: 'flush' }
  | { readonly do: 'clear' }
  | { readonly do: 'nested'; readonly steps: readonly Step[]; readonly fails: boolean }

export type PlainStep = Exclude<Step, { do: 'nested' }>
export type StepAtOnce = Extract<
  PlainStep,
  { do: 'restore' | 'forceRemove' | 'restore where' | 'native delete' | 'query builder' | 'force' | 'upsert' }
>

export type Where =
  | { readonly rows: readonly number[] }
  | { readonly parent: number }
  /** Those whose parent is live: a condition on the relation. */
  | 'parent is live'

/** One unit of work. */
export interface Unit {
  readonly steps: readonly Step[]
  /** Whether it belongs to a scope, or is a session that somebody opens. */
  readonly place: 'scope' | 'session'
  readonly fails: boolean
}

const index = fc.nat({ max: 30 })
const kind = fc.constantFrom(...KINDS)
const oneOf = <const T extends string>(...words: T[]) => fc.constantFrom(...words)
const some = fc.array(index, { minLength: 1, maxLength: 3 })
const where: fc.Arbitrary<Where> = fc.oneof(
  fc.record({ rows: some }),
  fc.record({ parent: index }),
  fc.constant('parent is live' as const),
)

const inFlush = fc.oneof(
  fc.record({ do: oneOf('create'), kind, parent: index, unique: fc.nat({ max: 9 }) }),
  fc.record({ do: oneOf('rename'), row: index }),
  fc.record({
    do: oneOf('move'),
    row: index,
    parent: fc.option(index, { freq: 4 }),
    by: oneOf('owner', 'collection'),
  }),
  fc.record({ do: oneOf('remove'), row: index, as: oneOf('entity', 'reference', 'destroy') }),
  fc.record({ do: oneOf('remove'), row: index, as: oneOf('entity') }),
  fc.record({ do: oneOf('link', 'unlink'), book: index, tag: index, isLoaded: fc.boolean() }),
)

const atOnce = fc.oneof(
  fc.record({ do: oneOf('forceRemove'), row: index }),
  fc.record({ do: oneOf('restore'), row: index }),
  fc.record({ do: oneOf('restore'), row: index }),
  fc.record({ do: oneOf('restore where'), kind, rows: some }),
  fc.record({ do: oneOf('native delete', 'query builder'), kind, where }),
  fc.record({ do: oneOf('force'), by: oneOf('native delete', 'query builder'), row: index }),
  fc.record({ do: oneOf('upsert'), kind: oneOf('Author', 'Tag'), unique: fc.nat({ max: 2 }) }),
)

const between = fc.oneof(
  fc.record({ do: oneOf('load'), kind, relations: fc.nat({ max: 3 }) }),
  fc.record({ do: oneOf('look'), kind }),
  fc.record({ do: oneOf('flush', 'flush', 'clear') }),
)

const plain: fc.Arbitrary<PlainStep> = fc.oneof(
  { arbitrary: inFlush, weight: 5 },
  { arbitrary: atOnce, weight: 3 },
  { arbitrary: between, weight: 2 },
)

const steps = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 8, depthIdentifier: 'nested' }),
  step: fc.oneof(
    { depthIdentifier: 'nested', maxDepth: 2, withCrossShrink: true },
    { arbitrary: plain, weight: 8 },
    {
      arbitrary: fc.record({ do: oneOf('nested'), steps: tie('steps'), fails: fc.boolean() }),
      weight: 1,
    },
  ),
})).steps

const unit: fc.Arbitrary<Unit> = fc.record({
  steps,
  place: fc.oneof({ arbitrary: oneOf('scope'), weight: 3 }, { arbitrary: oneOf('session'), weight: 1 }),
  fails: fc.oneof({ arbitrary: fc.constant(false), weight: 4 }, { arbitrary: fc.constant(true), weight: 1 }),
})

/** Units of work, and what of their results is read. */
export interface Work {
  readonly units: readonly Unit[]
  readonly kinds: readonly Kind[]
  readonly strategy: Strategy
}

export const anyWork: fc.Arbitrary<Work> = fc.record({
  units: fc.array(unit, { minLength: 1, maxLength: 3 }),
  kinds: fc.uniqueArray(kind, { minLength: 1, maxLength: 2 }),
  strategy: fc.constantFrom(...STRATEGIES),
})
