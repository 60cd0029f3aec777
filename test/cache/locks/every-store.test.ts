import { STORES } from '../every-store.ts'
import { describeLocks } from './contract.ts'

for (const store of STORES) describeLocks(store)
