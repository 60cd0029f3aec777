import { env } from 'limber'
import { defineHttp } from 'limber/http'

export default defineHttp({
  host: env.string('HOST', '127.0.0.1'),
  port: env.port('PORT', 3000),
})
