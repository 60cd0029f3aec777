import { everyStore } from '../every-store.ts'
import { describeLimits } from './contract.ts'

for (const store of await everyStore()) describeLimits(store)
