/** @module Models with a property that nobody may see, and an application that answers with their entities. */
import path from 'node:path'
import { Application } from 'limber'
import { DatabaseServiceProvider, fromUrl, Model } from 'limber/database'
import { Collection, Entity, ManyToOne, OneToMany, Property, type Ref } from 'limber/database/mapping'
import { type HttpContext, HttpServiceProvider, type RouteOptions, type Router } from 'limber/http'
import { pino } from 'pino'
import { onTestFinished, vi } from 'vitest'
import { emptyFolder } from './serve-routes.ts'

/** What must never be seen: the value of a hidden property, and one that the response schema does not name. */
export const HIDDEN = 'h1dden-value'
export const UNNAMED = 'unn4med-value'

@Entity()
export class Team extends Model {
  @Property()
  name!: string

  @Property({ hidden: true })
  key!: string

  @Property()
  notes!: string

  @OneToMany(
    () => Member,
    (member) => member.team,
  )
  members = new Collection<Member>(this)
}

@Entity()
export class Member extends Model {
  @Property({ unique: true })
  name!: string

  @Property({ hidden: true })
  key!: string

  @Property()
  notes!: string

  @ManyToOne(() => Team, { ref: true })
  team!: Ref<Team>
}

export type Make = (context: HttpContext) => unknown

export interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly payload: string
}

/** Answers one request with what a handler gives, and with one team and one member stored. */
export async function asking(
  answer: Make,
  options: RouteOptions = {},
  environment = 'production',
): Promise<Answer> {
  const app = await withTeam((router) => router.post('/it', answer, options), environment)
  // The development page is what a browser would be shown.
  const headers = { accept: 'text/html', 'content-type': 'application/json' }
  return app.make('http').inject({ method: 'POST', url: '/it', payload: '{"name":3}', headers })
}

/** An application with these routes, and with one team and one member stored. */
export async function withTeam(
  add: (router: Router, app: Application) => void,
  environment: string,
): Promise<Application> {
  vi.stubEnv('NODE_ENV', environment)
  const root = emptyFolder()
  const app = new Application({
    root,
    config: {
      app: { name: 'hidden', models: [Team, Member], providers: [] },
      database: {
        default: 'main',
        connections: { main: fromUrl(`sqlite:${path.join(root, 'hidden.sqlite')}`) },
      },
      http: { port: 0 },
    },
    providers: [(app) => new DatabaseServiceProvider(app), (app) => new HttpServiceProvider(app)],
  })
  app.instance('log', pino({ level: 'silent' }))
  await app.boot()
  onTestFinished(() => app.stop())
  await app.ready(['db'])
  await app.make('db.connection').schema.create()
  await app.scope(async () => {
    const shared = { key: HIDDEN, notes: UNNAMED }
    const one = app.make('db.session').create(Team, { name: 'red', ...shared })
    app.make('db.session').create(Member, { name: 'ada', team: one, ...shared })
  })
  add(app.make('router'), app)
  return app
}
