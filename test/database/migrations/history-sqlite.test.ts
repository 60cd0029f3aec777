import { SQLITE } from './history/databases.ts'
import { describeHistory } from './history/describe-history.ts'

describeHistory(SQLITE, 100)
