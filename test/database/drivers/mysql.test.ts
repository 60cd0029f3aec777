import { isThere, ownDatabase, MARIADB } from '../support/servers.ts'
import { describeDriver } from './contract.ts'

if (await isThere(MARIADB)) {
  describeDriver({
    title: MARIADB.title,
    create: async () => MARIADB.driver({ database: await ownDatabase(MARIADB) }),
  })
}
