/** @module A database on the same server that exists as long as its connection. */
import { randomBytes } from 'node:crypto'
import { MikroORM } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { DriverOptions } from '../connections/driver.ts'

/** Short enough for every server, and telling where it comes from, should a killed process leave it behind. */
export function temporaryName(): string {
  return `limber_scratch_${process.pid}_${randomBytes(4).toString('hex')}`
}

/** Runs one statement on a connection of its own. */
export async function runOn(options: DriverOptions, statement: string): Promise<void> {
  const orm = new MikroORM({
    ...options,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined,
  })
  try {
    await (orm.em as SqlEntityManager).getConnection().execute(statement)
  } finally {
    await orm.close()
  }
}
