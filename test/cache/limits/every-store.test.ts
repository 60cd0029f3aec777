import { everyStore } from '../every-store.ts'
import { describeLimits } from './contract.ts'

for (const store of everyStore()) describeLimits(store)
