/** @module An application with HTTP and the log that every application has, whose lines are kept. */
import { type Application, createApplication, type LogConfig, ServiceProvider } from 'limber'
import { type HttpConfig, HttpServiceProvider, type Router } from 'limber/http'
import { onTestFinished } from 'vitest'
import { appFolder } from '../support/app-folder.ts'

export type Line = Readonly<Record<string, unknown>>

export interface LoggedOptions {
  readonly http?: HttpConfig
  readonly log?: LogConfig
  readonly register?: (app: Application) => void
}

export async function loggedApplication(add: (router: Router) => void, options: LoggedOptions = {}) {
  const lines: Line[] = []
  class RoutesServiceProvider extends ServiceProvider {
    override register() {
      options.register?.(this.app)
    }
    override boot() {
      add(this.app.make('router'))
    }
  }
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const app = await createApplication({
    root: appFolder({ 'config/app.js': `export default { name: 'logged', providers: [] }` }),
    config: {
      app: { name: 'logged', providers: [HttpServiceProvider, RoutesServiceProvider] },
      http: { port: 0, ...options.http },
      log: { level: 'debug', destination, ...options.log },
    },
  })
  await app.boot()
  onTestFinished(() => app.stop({ deadline: 0 }))
  return { app, http: app.make('http'), lines }
}
