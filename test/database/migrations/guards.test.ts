import * as fc from 'fast-check'
import type { Dialect } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { CASES } from './support/guard-cases.ts'
import { asList, type Case, hazardsIn, judged } from './support/judged.ts'

const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres', 'mysql']

describe.each(DIALECTS)('what statements cost on %s', (dialect) => {
  it('is asked of more than sixty of them', () => {
    expect(CASES[dialect].length).toBeGreaterThan(60)
  })

  it.each(
    CASES[dialect].map(([statements, ...expected]) => ({
      title: asList(statements).join('; '),
      statements,
      expected,
    })),
  )('$title', async ({ statements, expected }) => {
    expect(await judged(dialect, ...asList(statements))).toEqual(expected)
  })

  it('depends neither on comments, nor on spaces, nor on capitals', async () => {
    const gap = fc.constantFrom(' ', '\n', '\t  ', ' /* ; drop table "book */ ', " -- it's\n", '\r\n')
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CASES[dialect].filter(isPlain)),
        fc.infiniteStream(gap),
        fc.infiniteStream(fc.boolean()),
        async ([statements, ...expected], gaps, capitals) => {
          const written = asList(statements).map((statement) => rewrite(statement, gaps, capitals))
          expect((await judged(dialect, ...written)).map(folded)).toEqual(expected.map(folded))
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** What this file can take apart by itself. */
function isPlain([statements]: Case): boolean {
  return !/\\|--\d|\/\*M?!|\/\*[^*]*\/\*/.test(asList(statements).join(';'))
}

const PIECE =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|(?:--|#)[^\n]*|\/\*.*?\*\/|\$(\w*)\$.*?\$\1\$|\w+|\s+|./gs

/** Keywords in any case, and names in theirs: it matters to MySQL. */
function rewrite(statement: string, gaps: fc.Stream<string>, capitals: fc.Stream<boolean>): string {
  const pieces = (statement.match(PIECE) ?? []).filter((piece) => !/^(?:\s|--|#|\/\*)/.test(piece))
  const [gap, capital] = [[...gaps.take(pieces.length)], [...capitals.take(pieces.length)]]
  return pieces
    .map((piece, at) => {
      const isName = /^(?:book|author|shelf|room|hall|volume|new_|old_)/.test(piece) || !/^\w+$/.test(piece)
      return `${capital[at] && !isName ? piece.toUpperCase() : piece}${gap[at]}`
    })
    .join('')
}

function folded(hazard: string): string {
  return hazard.toLowerCase()
}

describe('a hazard', () => {
  it('has its statement, one sentence, and a safer form', async () => {
    const [hazard] = await hazardsIn('postgres', 'create index book_title on book (title)')
    expect(hazard).toEqual({
      kind: 'locking',
      statement: 'create index book_title on book (title)',
      table: 'book',
      column: undefined,
      what: 'Nobody writes to "book" while the index is built.',
      safer: 'Create it concurrently, in a migration with "static override transaction = false".',
    })
  })

  it('says what a column becomes, and what of', async () => {
    const [hazard] = await hazardsIn('postgres', 'alter table book alter title type varchar(10)')
    expect(hazard?.what).toBe(
      '"title" of "book" becomes varchar(10) from varchar(255): what does not fit is refused, cut or rounded.',
    )
  })

  it('says that a type may be narrowed when nobody knows what it was', async () => {
    const [hazard] = await hazardsIn('postgres', 'alter table unknown alter title type varchar(10)')
    expect(hazard?.what).toContain('this may narrow it')
  })
})

it.each(DIALECTS)('statements of %s with megabytes of text are read', async (dialect) => {
  const text = "it''s; drop table book ".repeat(200_000)
  const statement = `insert into author (name) values ('${text}'), ("${'x'.repeat(5_000_000)}"); delete from book`
  expect(await judged(dialect, statement)).toEqual(['destructive book'])
})
