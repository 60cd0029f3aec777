import { isThere, MARIADB } from '../support/servers.ts'
import { onServer } from './history/databases.ts'
import { describeHistory } from './history/describe-history.ts'

// It writes each statement that changes a table to its disk, and a comparison there is many of them.
if (await isThere(MARIADB)) describeHistory(onServer(MARIADB), 10)
