import { emptyDatabase, isThere, MARIADB } from '../support/servers.ts'
import { describeDriver } from './contract.ts'

if (await isThere(MARIADB)) {
  describeDriver({
    title: MARIADB.title,
    largest: 2n ** 63n - 1n,
    create: async () => MARIADB.driver({ database: await emptyDatabase(MARIADB) }),
  })
  describeDriver({
    title: `${MARIADB.title} through a replica`,
    largest: 2n ** 63n - 1n,
    create: async () => {
      const database = await emptyDatabase(MARIADB)
      // The same database by a second pool: what answers from it is never behind, and every rule still has to hold.
      return MARIADB.driver({ database, replicas: [{ database }] })
    },
  })
}
