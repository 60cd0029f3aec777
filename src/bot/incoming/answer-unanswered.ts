/** @module Answers a callback query that nobody has answered. */
import type { Update } from 'grammy/types'
import type { Replies } from '../replies/replies.ts'

/** Adds an empty answer, without which clients show for minutes that they are waiting. Called when the handler is done. */
export function answerUnanswered({ callback_query: query }: Update, replies: Replies): void {
  if (!query) return
  const isAnswered = replies.calls.some(
    ({ method, payload }) => method === 'answerCallbackQuery' && payload.callback_query_id === query.id,
  )
  if (!isAnswered) replies.add('answerCallbackQuery', { callback_query_id: query.id })
}
