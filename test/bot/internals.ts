/** @module What tests of the bot need from inside, since no door leads there. */

export { PollingLoop } from '../../src/bot/polling/polling-loop.ts'
export { askApi } from '../../src/bot/transport/ask-api.ts'
export { callStored } from '../../src/bot/transport/call-stored.ts'
export { openApi } from '../../src/bot/transport/open-api.ts'
export { BotWebhook, webhookUrl } from '../../src/bot/webhook/bot-webhook.ts'
