import { defineConfig } from 'vitest/config'

export default defineConfig({
  // inversify and MikroORM read constructor and property types from decorator metadata.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  ssr: { resolve: { conditions: ['limber:source', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
