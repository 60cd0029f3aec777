import { Conversation } from '../../../src/bot/conversations/conversation.ts'
import type { IncomingMessage } from '../../../src/bot/incoming/incoming-message.ts'
import type { IncomingCallbackQuery } from '../../../src/bot/incoming/incoming-callback-query.ts'
import { callbackQuery } from '../../../src/bot/handlers/decorators.ts'
interface D { title: string; n: number }
export class A extends Conversation<D> {
  static commands = ['a']
  count = 3
  handle(m: IncomingMessage) {
    this.next('title')
    this.next('title', { title: 'x' })
    // @ts-expect-error no such
    this.next('titel')
    // @ts-expect-error not a step
    this.next('handle')
    // @ts-expect-error not a method
    this.next('count')
    // @ts-expect-error wrong data
    this.next('title', { title: 3 })
    void m
  }
  title(m: IncomingMessage) { m.reply(this.data.title ?? ''); this.next('sure') }
  @callbackQuery({ data: ['yes'] })
  sure(q: IncomingCallbackQuery) { q.answer(); this.end() }
}
