/** The same on servers, which hold the transaction of a process that has died for a moment. */
import { serverKinds } from '../../database/migrations/support/own-databases.ts'
import { describeKills } from './support/kills.ts'

for (const kind of await serverKinds())
  describeKills(kind, { chains: 1, length: 3 }, { chains: 5, length: 10 })
