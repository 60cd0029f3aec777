/** A bot that is killed anywhere and started again has done everything exactly once, and answered at least once. */
import { SQLITE } from '../../database/migrations/support/own-databases.ts'
import { describeKills } from './support/kills.ts'

describeKills(SQLITE, { chains: 1, length: 8 }, { chains: 15, length: 10 })
