/** @module Whose order things belong to: those of one line are done one after the other. */
import type { Update } from 'grammy/types'
import type { WaitingCalls } from '../../application/ports/update-store.ts'
import { idsOf } from './who.ts'

/** A private chat has the id of its user, so that a query in line is in order with what is written there. */
export function lineOf(update: Update): string {
  const { chat, user } = idsOf(update)
  return chat === undefined && user === undefined ? alone(update.update_id) : `chat ${chat ?? user}`
}

/** The line of the update that these calls answer, as far as they tell; what names no chat is in order with itself only. */
export function lineOfCalls({ calls, update }: WaitingCalls): string {
  const chat = calls.map(({ payload }) => payload.chat_id).find((id) => id !== undefined)
  return chat === undefined ? alone(update) : `chat ${String(chat)}`
}

function alone(update: number): string {
  return `update ${update}`
}
