/** @module Guards the query builders of a session: they see live rows only, and trash where they would delete. */
import type { AnyQueryBuilder } from '@mikro-orm/sql'
import type { AtomicSession } from '../bulk-delete.ts'
import { guardDeletes } from './guard-deletes.ts'
import { guardInserts } from './guard-inserts.ts'
import { guardReads } from './guard-reads.ts'
import { joinedMode, unsaid, type Words } from './words.ts'

/** The words are kept apart from the state of the builder, and are heard when it is compiled. Clones take them along. */
export function guardQueryBuilder(
  builder: AnyQueryBuilder,
  session: AtomicSession,
  spoken: Words = unsaid(),
): AnyQueryBuilder {
  let words = spoken
  const say = (more: Partial<Words>) => {
    // Refused by the ORM when it is compiled already: then nobody would listen.
    builder.comment([])
    words = { ...words, ...more }
    return builder
  }
  const clone = builder.clone.bind(builder)
  builder.withTrashed = () => say({ mode: 'with' })
  builder.onlyTrashed = () => say({ mode: 'only' })
  builder.force = () => say({ force: true })
  // A collection operator begins a query of its own with a clone that is empty; it is about what the query joins.
  builder.clone = (reset, preserve) =>
    guardQueryBuilder(
      clone(reset, preserve),
      session,
      reset === true ? { ...words, mode: joinedMode(builder, words) } : words,
    )
  guardReads(builder, session, () => words)
  guardInserts(builder, session)
  guardDeletes(
    builder,
    session,
    () => words,
    (copy) => guardQueryBuilder(copy, session, words),
  )
  return builder
}
