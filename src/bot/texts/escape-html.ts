/** @module Makes a text what it is in HTML. */

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/**
 * Gives a text so that HTML shows it as it is, also within the quotes of an attribute. Templates do it by themselves; what
 * users wrote has to go through it before it is a value of a text that is sent as HTML.
 *
 * @example
 * ```ts
 * import { escapeHtml, type IncomingMessage } from 'limber/bot'
 *
 * function welcome(message: IncomingMessage) {
 *   const name = escapeHtml(message.from?.first_name ?? '')
 *   message.reply(message.translate('welcome', { name }), { parse_mode: 'HTML' })
 * }
 * ```
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ESCAPED[sign] ?? sign)
}
