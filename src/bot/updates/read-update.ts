/** @module Reads an update as it came from outside: what handlers rely on is there, or it is refused. */
import type { Update } from 'grammy/types'
import { BotUpdateError } from '../errors.ts'
import type { AnyUpdateKind } from './update-kind.ts'

export interface ReadUpdate {
  readonly update: Update
  /** What the update carries; a later Bot API may know kinds that nobody knows here. */
  readonly kind: AnyUpdateKind
}

/** What has to stand in an update of a kind, by its path, so that nobody stumbles over it later. */
const PARTS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    message: ['message_id', 'chat.id'],
    edited_message: ['message_id', 'chat.id'],
    channel_post: ['message_id', 'chat.id'],
    edited_channel_post: ['message_id', 'chat.id'],
    callback_query: ['from.id'],
    inline_query: ['from.id'],
    chosen_inline_result: ['from.id'],
    shipping_query: ['from.id'],
    pre_checkout_query: ['from.id'],
    my_chat_member: ['chat.id', 'from.id'],
    chat_member: ['chat.id', 'from.id'],
    chat_join_request: ['chat.id', 'from.id'],
  }),
)

/** @throws {BotUpdateError} which says what is wrong with it */
export function readUpdate(raw: unknown): ReadUpdate {
  if (!isObject(raw)) throw new BotUpdateError('update', 'an object', raw)
  const id = raw.update_id
  if (!isWhole(id) || id < 0) throw new BotUpdateError('update.update_id', 'a whole number from 0 on', id)
  const kind = Object.keys(raw).find((key) => key !== 'update_id')
  if (kind === undefined) throw new BotUpdateError('update', 'an object that says what happened', raw)
  const payload = raw[kind]
  if (!isObject(payload)) throw new BotUpdateError(`update.${kind}`, 'an object', payload)
  for (const path of PARTS.get(kind) ?? []) checkNumber(`update.${kind}`, payload, path)
  if (payload.from !== undefined) checkNumber(`update.${kind}`, payload, 'from.id')
  checkTexts(kind, payload)
  // What was looked at is what code here relies on; the rest is as the Bot API says.
  return { update: raw as unknown as Update, kind: kind as AnyUpdateKind }
}

function checkNumber(place: string, payload: Readonly<Record<string, unknown>>, path: string): void {
  let value: unknown = payload
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined
  if (!isWhole(value)) throw new BotUpdateError(`${place}.${path}`, 'a whole number', value)
}

/** What filters compare with texts. */
function checkTexts(kind: string, payload: Readonly<Record<string, unknown>>): void {
  for (const name of ['text', 'caption', 'data', 'query']) {
    const value = payload[name]
    if (value !== undefined && typeof value !== 'string') {
      throw new BotUpdateError(`update.${kind}.${name}`, 'a text', value)
    }
  }
  const { message } = payload
  if (kind === 'callback_query' && message !== undefined) {
    if (!isObject(message)) throw new BotUpdateError('update.callback_query.message', 'an object', message)
    checkNumber('update.callback_query.message', message, 'chat.id')
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Ids have up to 52 bits. */
function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
