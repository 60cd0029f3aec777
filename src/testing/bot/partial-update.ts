/** @module An update as tests write it. */
import type { Update } from 'grammy/types'

/** An update without its number, or with one of the test's own. */
export type PartialUpdate = Omit<Update, 'update_id'> & { readonly update_id?: number }
