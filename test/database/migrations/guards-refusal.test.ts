import { DestructiveMigrationError, describeHazards, refuseDestructive } from 'limber/database'
import { expect, it } from 'vitest'
import { hazardsIn } from './support/judged.ts'

const NAME = '20260101000001_drop'

async function assessed(...statements: string[]) {
  return [{ name: NAME, hazards: await hazardsIn('postgres', ...statements) }]
}

function refusal(work: () => void): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

const production = { environment: 'production', allowDestructive: false }

it('in production, what is destructive is refused with each loss and its safer form', async () => {
  const hazards = await assessed(
    'drop table book',
    'alter table author drop name',
    'create index on author (id)',
  )
  const error = refusal(() => refuseDestructive(hazards, production))
  if (!(error instanceof DestructiveMigrationError)) throw error
  expect(error.code).toBe('LIMBER_DESTRUCTIVE_MIGRATION')
  expect(error.kind).toBe('conflict')
  expect(error.hint).toContain('--allow-destructive')
  expect(error.faults.map(({ path, message }) => [path, message.split('Safer: ')[0]])).toEqual([
    [NAME, '"book" is dropped with all of its rows. '],
    [NAME, '"name" of "author" is dropped with all that is in it. '],
  ])
})

it('it is let through when it is allowed, and outside of production', async () => {
  const hazards = await assessed('drop table book')
  refuseDestructive(hazards, { ...production, allowDestructive: true })
  refuseDestructive(hazards, { ...production, environment: 'development' })
  expect(refusal(() => refuseDestructive(hazards, production))).toBeInstanceOf(DestructiveMigrationError)
})

it('what only locks or breaks is never refused', async () => {
  const hazards = await assessed('create index on book (title)', 'alter table book rename to volume')
  expect(hazards[0]?.hazards).toHaveLength(2)
  refuseDestructive(hazards, production)
})

it('hazards are said in one line each', async () => {
  expect(describeHazards(await assessed('create index on book (title)', 'delete from author'))).toEqual([
    `${NAME}: locking: Nobody writes to "book" while the index is built. Safer: Create it concurrently, in a migration with "static override transaction = false".`,
    `${NAME}: destructive: Every row of "author" is deleted.`,
  ])
})
