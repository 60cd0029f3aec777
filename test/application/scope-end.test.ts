import {
  afterCommit,
  NoScopeError,
  type Scope,
  ScopeCommitError,
  type ScopeOptions,
  type ScopeParticipant,
} from 'limber'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { rejection } from '../container/print-shop.ts'
import { bootedApplication } from './booted-application.ts'
import { recordingParticipant } from './recording.ts'

/** Runs a scope in which these participants take part; those after the first dash have written, in this order. */
async function run(
  taking: { enlisted: ScopeParticipant[]; wrote?: ScopeParticipant[]; options?: ScopeOptions },
  fn: (scope: Scope) => unknown = () => undefined,
) {
  const app = await bootedApplication()
  return app.scope((scope) => {
    for (const participant of taking.enlisted) scope.enlist(participant)
    for (const participant of taking.wrote ?? []) scope.wrote(participant)
    return fn(scope)
  }, taking.options)
}

const fail = () => Promise.reject(new Error('the work failed'))

describe('the end of a scope', () => {
  test('flushes all, commits in the order of the first write, then closes', async () => {
    const log: string[] = []
    const [a, b] = [recordingParticipant(log, 'a'), recordingParticipant(log, 'b')]
    await run({ enlisted: [a, b], wrote: [b, a, b] })
    expect(log).toEqual(['flush a', 'flush b', 'commit b', 'commit a', 'close a', 'close b'])
  })

  test('commits what the flush wrote, and not a participant that only read', async () => {
    const log: string[] = []
    const [reader, writer] = [recordingParticipant(log, 'reader'), recordingParticipant(log, 'writer')]
    await run({ enlisted: [reader, writer] }, (scope) => {
      writer.flush = async () => scope.wrote(writer)
    })
    expect(log).toEqual(['flush reader', 'commit writer', 'close reader', 'close writer'])
  })

  test('gives what the function gave', async () => {
    expect(await run({ enlisted: [] }, () => 'result')).toBe('result')
  })

  test('rolls back and closes when the function throws, and flushes nothing', async () => {
    const log: string[] = []
    const a = recordingParticipant(log, 'a')
    expect(await rejection(run({ enlisted: [a], wrote: [a] }, fail))).toHaveProperty(
      'message',
      'the work failed',
    )
    expect(log).toEqual(['rollback a', 'close a'])
  })

  test('rolls back everything when a flush fails', async () => {
    const log: string[] = []
    const a = recordingParticipant(log, 'a')
    const b = recordingParticipant(log, 'b', { flush: new Error('not null') })
    await rejection(run({ enlisted: [a, b], wrote: [a] }))
    expect(log).toEqual(['flush a', 'flush b', 'rollback a', 'rollback b', 'close a', 'close b'])
  })

  test('rolls back when the first commit fails, with its own error', async () => {
    const log: string[] = []
    const cause = new Error('serialization failure')
    const a = recordingParticipant(log, 'a', { commit: cause })
    const b = recordingParticipant(log, 'b')
    expect(await rejection(run({ enlisted: [a, b], wrote: [a, b] }))).toBe(cause)
    expect(log.slice(2)).toEqual(['commit a', 'rollback a', 'rollback b', 'close a', 'close b'])
  })

  test('says which had committed when a later one fails, and does not roll those back', async () => {
    const log: string[] = []
    const cause = new Error('connection lost')
    const a = recordingParticipant(log, 'db.session')
    const b = recordingParticipant(log, 'db.session.shop', { commit: cause })
    const error = await rejection(run({ enlisted: [a, b], wrote: [a, b] }))
    expect(error).toBeInstanceOf(ScopeCommitError)
    expect(error).toMatchObject({
      code: 'LIMBER_SCOPE_COMMIT',
      message:
        '"db.session.shop" failed to commit after "db.session" had committed: several connections are not atomic.',
      cause,
    })
    expect(log.slice(4)).toEqual(['rollback db.session.shop', 'close db.session', 'close db.session.shop'])
  })

  test('without autoCommit flushes nothing, and commits what was written by hand', async () => {
    const log: string[] = []
    const [a, b] = [recordingParticipant(log, 'a'), recordingParticipant(log, 'b')]
    await run({ enlisted: [a, b], wrote: [b], options: { autoCommit: false } })
    expect(log).toEqual(['commit b', 'close a', 'close b'])
  })

  test('closes each participant exactly once, also when others fail to roll back or to close', async () => {
    const log: string[] = []
    const a = recordingParticipant(log, 'a', {
      rollback: new Error('a rolls on'),
      close: new Error('a stays'),
    })
    const b = recordingParticipant(log, 'b')
    const error = await rejection(run({ enlisted: [a, b] }, fail))
    expect(log).toEqual(['rollback a', 'rollback b', 'close a', 'close b'])
    expect(error).toMatchObject({
      message: 'the work failed',
      cause: { errors: [{ message: 'a rolls on' }, { message: 'a stays' }] },
    })
  })

  test('tells that closing failed after a commit, and closes the others', async () => {
    const log: string[] = []
    const a = recordingParticipant(log, 'a', { close: new Error('a stays') })
    const b = recordingParticipant(log, 'b')
    expect(await rejection(run({ enlisted: [a, b], wrote: [a] }))).toHaveProperty('message', 'a stays')
    expect(log.filter((line) => line.startsWith('close'))).toEqual(['close a', 'close b'])
    expect(log).not.toContain('rollback a')
  })

  test('closes participants even when a service of the scope fails to end', async () => {
    const log: string[] = []
    const app = await bootedApplication((app) =>
      app.scoped('print.size', () => 3, { dispose: () => Promise.reject(new Error('stuck')) }),
    )
    const ending = app.scope((scope) => {
      scope.enlist(recordingParticipant(log, 'a'))
      app.make('print.size')
    })
    expect(await rejection(ending)).toHaveProperty('message', 'stuck')
    expect(log.filter((line) => line === 'close a')).toHaveLength(1)
  })

  test('loses no error when something is thrown that cannot carry a cause', async () => {
    const a = recordingParticipant([], 'a', { rollback: new Error('a rolls on') })
    const error = await rejection(run({ enlisted: [a] }, () => Promise.reject('a plain text')))
    expect(error).toMatchObject({ errors: ['a plain text', { message: 'a rolls on' }] })
  })

  test('keeps the cause of the error that led to it', async () => {
    const a = recordingParticipant([], 'a', { rollback: new Error('a rolls on') })
    const failure = new Error('the work failed', { cause: new Error('the disk is full') })
    expect(await rejection(run({ enlisted: [a] }, () => Promise.reject(failure)))).toMatchObject({
      cause: { message: 'the disk is full', cause: { message: 'a rolls on' } },
    })
  })
})

describe('afterCommit()', () => {
  test('runs after everything is committed, in order, inside the scope', async () => {
    const log: string[] = []
    const app = await bootedApplication()
    const a = recordingParticipant(log, 'a')
    await app.scope((scope) => {
      scope.enlist(a)
      scope.wrote(a)
      scope.afterCommit(() => log.push(`first, in scope: ${app.currentScope() === scope}`))
      scope.afterCommit(async () => log.push('second'))
    })
    expect(log.slice(1)).toEqual([
      'commit a',
      'first, in scope: true',
      'flush a',
      'second',
      'flush a',
      'close a',
    ])
  })

  test('runs when nothing was written, too', async () => {
    const log: string[] = []
    await run({ enlisted: [] }, (scope) => scope.afterCommit(() => log.push('ran')))
    expect(log).toEqual(['ran'])
  })

  test.each(['the function fails', 'the commit fails'])('does not run when %s', async (reason) => {
    const log: string[] = []
    const a = recordingParticipant([], 'a', { commit: new Error('conflict') })
    const ending = run({ enlisted: [a], wrote: [a] }, (scope) => {
      scope.afterCommit(() => log.push('ran'))
      if (reason === 'the function fails') throw new Error(reason)
    })
    await rejection(ending)
    expect(log).toEqual([])
  })

  test('does not run when the scope was rolled back by hand', async () => {
    const log: string[] = []
    const app = await bootedApplication()
    const scope = app.openScope()
    scope.afterCommit(() => log.push('ran'))
    await scope.rollback()
    await scope.complete()
    expect(log).toEqual([])
  })

  test('commits what it writes in turn', async () => {
    const log: string[] = []
    const a = recordingParticipant(log, 'a')
    await run({ enlisted: [a], wrote: [a] }, (scope) => scope.afterCommit(() => scope.wrote(a)))
    expect(log).toEqual(['flush a', 'commit a', 'flush a', 'commit a', 'close a'])
  })

  test('that fails is logged, and undoes only what it wrote itself', async () => {
    const log: string[] = []
    const logged: unknown[] = []
    const report = vi.spyOn(console, 'error').mockImplementation((line) => logged.push(line))
    onTestFinished(() => report.mockRestore())
    const a = recordingParticipant(log, 'a')
    await run({ enlisted: [a], wrote: [a] }, (scope) => {
      scope.afterCommit(() => {
        scope.wrote(a)
        scope.afterCommit(() => log.push('never'))
        throw new Error('no mail')
      })
      scope.afterCommit(() => log.push('second'))
    })
    expect(logged).toEqual([expect.stringContaining('LIMBER_AFTER_COMMIT')])
    expect(log).toEqual(['flush a', 'commit a', 'rollback a', 'second', 'flush a', 'close a'])
  })

  test('of limber finds the scope that is open, and is an error outside of one', async () => {
    const log: string[] = []
    await run({ enlisted: [] }, () => afterCommit(() => log.push('ran')))
    expect(log).toEqual(['ran'])
    expect(() => afterCommit(() => undefined)).toThrow(NoScopeError)
  })
})

test('a scope knows what opened it, and has an id of its own', async () => {
  const app = await bootedApplication()
  const scopes = [app.openScope({ kind: 'request', label: 'GET /' }), app.openScope()]
  expect(scopes.map(({ kind, label }) => [kind, label])).toEqual([
    ['request', 'GET /'],
    ['scope', undefined],
  ])
  expect(new Set(scopes.map((scope) => scope.id)).size).toBe(2)
})
