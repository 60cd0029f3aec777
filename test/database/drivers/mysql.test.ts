import { isThere, MARIADB, ownDatabase } from '../support/servers.ts'
import { describeDriver } from './contract.ts'

if (await isThere(MARIADB)) {
  describeDriver({
    title: MARIADB.title,
    largest: 2n ** 63n - 1n,
    create: async () => MARIADB.driver({ database: await ownDatabase(MARIADB) }),
  })
}
