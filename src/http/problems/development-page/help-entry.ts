/** @module What the page of errors says about a code, so that nobody has to look it up. */
import { readFileSync } from 'node:fs'

const PAGE = new URL('../../../../docs/errors.md', import.meta.url)

/** The points of an entry, such as `Meaning`, with their text; none for a code that is not Limber's. */
export function helpFor(code: string): (readonly [title: string, text: string])[] {
  if (!code.startsWith('LIMBER_')) return []
  const entry =
    readPage()
      .split(/^### /m)
      .find((text) => text.startsWith(`${code}\n`)) ?? ''
  return [...entry.matchAll(/^- \*\*(.+?)\.\*\* (.+)$/gm)].map(([, title = '', text = '']) => [
    title,
    text.replaceAll('`', ''),
  ])
}

function readPage(): string {
  try {
    return readFileSync(PAGE, 'utf8')
  } catch {
    // A bundled application has left it behind, and does without.
    return ''
  }
}
