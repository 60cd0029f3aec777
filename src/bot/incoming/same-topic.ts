/** @module The topic of a message, so that what answers it stands in the same one. */
import type { Message } from 'grammy/types'

interface Topic {
  readonly message_thread_id?: number
  readonly direct_messages_topic_id?: number
}

/** A thread that is no topic is only a row of replies: the Bot API refuses to send to it. */
export function sameTopic(message: Message): Topic {
  const { is_topic_message: isTopic, message_thread_id: thread, direct_messages_topic: direct } = message
  return {
    ...(isTopic && thread !== undefined && { message_thread_id: thread }),
    ...(direct && { direct_messages_topic_id: direct.topic_id }),
  }
}
