import { env } from 'limber'
import { defineDatabase, fromUrl } from 'limber/database'

export default defineDatabase({
  default: 'main',
  connections: { main: fromUrl(env.string('DATABASE_URL', 'sqlite:storage/limber.sqlite')) },
  migrations: 'database/migrations',
  seeders: 'database/seeders',
})
