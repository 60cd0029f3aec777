import { defineApp, env } from 'limber'
import { AuthServiceProvider } from 'limber/auth'
import { CacheServiceProvider } from 'limber/cache'
import { DatabaseServiceProvider } from 'limber/database'
import { HttpServiceProvider } from 'limber/http'
import { ModulesServiceProvider } from 'limber/modules'
import { AppServiceProvider } from '../app/providers/app-service-provider.ts'

export default defineApp({
  name: env.string('APP_NAME', 'limber'),
  providers: [
    DatabaseServiceProvider,
    CacheServiceProvider,
    HttpServiceProvider,
    AuthServiceProvider,
    AppServiceProvider,
    ModulesServiceProvider,
  ],
  models: [
    () => import('../app/models/user.ts'),
    () => import('../app/models/api-key.ts'),
    () => import('../app/models/author.ts'),
    () => import('../app/models/book.ts'),
  ],
  modules: ['modules/*'],
})
