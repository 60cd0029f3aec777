import { STORES } from '../every-store.ts'
import { describeLimits } from './contract.ts'

for (const store of STORES) describeLimits(store)
