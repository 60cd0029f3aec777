/** @module Opens scratch databases for the migrations of an application. */
import type { Connection } from '../../connections/connection.ts'
import type { Driver } from '../../connections/driver.ts'
import { openConnection } from '../../connections/open-connection.ts'
import type { ModelClass } from '../../models/load-models.ts'
import { ScratchRefusedError } from './errors.ts'
import { scratchDriver } from './scratch.ts'
import { refusedRight } from './scratch-right.ts'

interface ScratchRequest {
  /** Of the database that the scratch database is like. */
  readonly driver: Driver
  readonly root: string
  readonly models: readonly ModelClass[]
  readonly log: (message: string) => void
}

/** @throws {ScratchRefusedError} when the user of the database may not create others */
export async function openScratch({ driver, ...request }: ScratchRequest): Promise<Connection> {
  try {
    return await openConnection({
      ...request,
      name: 'scratch',
      driver: scratchDriver(driver),
      application: {},
    })
  } catch (error) {
    const refused = refusedRight(error)
    throw refused ? new ScratchRefusedError(driver.label, refused) : error
  }
}
