import { everyStore } from '../every-store.ts'
import { describeLocks } from './contract.ts'

for (const store of await everyStore()) describeLocks(store)
