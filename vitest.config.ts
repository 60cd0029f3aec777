import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // inversify and MikroORM read constructor and property types from decorator metadata.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  // Not "import": it would reach `require()` too, and pg then finds the ES module of pg-pool.
  ssr: { resolve: { conditions: ['limber:source', 'node'] } },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By default one core is left to whoever watches; and much of the time is spent waiting for databases.
    maxWorkers: availableParallelism() * 2,
  },
})
