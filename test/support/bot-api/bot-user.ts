/** @module The bot itself, as the Bot API describes it. */
import type { UserFromGetMe } from 'grammy/types'

export function botUser(facts: Pick<UserFromGetMe, 'id' | 'first_name' | 'username'>): UserFromGetMe {
  return {
    ...facts,
    is_bot: true,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: true,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  }
}
