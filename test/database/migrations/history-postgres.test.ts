import { isThere, POSTGRES } from '../support/servers.ts'
import { onServer } from './history/databases.ts'
import { describeHistory } from './history/describe-history.ts'

if (await isThere(POSTGRES)) describeHistory(onServer(POSTGRES), 15)
