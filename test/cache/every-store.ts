/** @module The stores that locks and limits are tried on, each in a place of its own. */
import { fileStore, memoryStore } from 'limber/cache'
import { emptyFolder } from '../support/app-folder.ts'
import type { StorePlace } from './stores/contract.ts'

export interface StoreUnderTest {
  readonly title: string
  readonly open: () => Promise<StorePlace>
}

export const STORES: readonly StoreUnderTest[] = [
  { title: 'the memory of the process', open: async () => ({ driver: memoryStore(), isShared: false }) },
  { title: 'a file', open: async () => ({ driver: fileStore({ folder: emptyFolder() }) }) },
]
