import { setImmediate as turn } from 'node:timers/promises'
import { type AppDefinition, inject, injectable, ServiceProvider } from 'limber'
import type { Session } from 'limber/database'
import type { HttpContext } from 'limber/http'
import { createTestApplication } from 'limber/testing'
import { expect, test } from 'vitest'
import { Book } from '../../app/models/book.ts'

@injectable()
class Shelf {
  constructor(@inject('db.session') readonly session: Session) {}
}

@injectable()
class ProbeController {
  constructor(
    private readonly shelf: Shelf,
    @inject('db.session') private readonly session: Session,
  ) {}

  async probe({ app }: HttpContext) {
    const before = app.make('db.session')
    await this.session.findOneOrFail(Book, 1)
    await turn()
    const shelf = app.make(Shelf)
    await shelf.session.count(Book)
    await turn()
    const seen = [before, this.session, this.shelf.session, shelf.session, app.make('db.session')]
    return { sessions: [...new Set(seen.map((session) => session.id))] }
  }
}

class ProbeServiceProvider extends ServiceProvider {
  override boot() {
    this.app.make('router').get('/probe', [ProbeController, 'probe'])
  }
}

test('1,000 requests at once have a session each, the same wherever it is asked for', async () => {
  const withProbe = (app: AppDefinition) => ({ ...app, providers: [...app.providers, ProbeServiceProvider] })
  await using app = await createTestApplication({ seed: 'database', config: { app: withProbe } })

  const replies = await Promise.all(Array.from({ length: 1_000 }, () => app.inject('/probe')))

  const sessions = replies.map((reply) => reply.json().sessions)
  expect(sessions.every((ids) => ids.length === 1)).toBe(true)
  expect(new Set(sessions.flat()).size).toBe(1_000)
})
