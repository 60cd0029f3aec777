import { isThere, ownDatabase, POSTGRES } from '../support/servers.ts'
import { describeDriver } from './contract.ts'

if (await isThere(POSTGRES)) {
  describeDriver({
    title: POSTGRES.title,
    largest: 2n ** 63n - 1n,
    create: async () => POSTGRES.driver({ database: await ownDatabase(POSTGRES) }),
  })
}
