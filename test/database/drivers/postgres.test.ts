import { emptyDatabase, isThere, POSTGRES } from '../support/servers.ts'
import { describeDriver } from './contract.ts'

if (await isThere(POSTGRES)) {
  describeDriver({
    title: POSTGRES.title,
    largest: 2n ** 63n - 1n,
    create: async () => POSTGRES.driver({ database: await emptyDatabase(POSTGRES) }),
  })
  describeDriver({
    title: `${POSTGRES.title} through a replica`,
    largest: 2n ** 63n - 1n,
    create: async () => {
      const database = await emptyDatabase(POSTGRES)
      // The same database by a second pool: what answers from it is never behind, and every rule still has to hold.
      return POSTGRES.driver({ database, replicas: [{ database }] })
    },
  })
}
