import * as fc from 'fast-check'
import { ReplyTooLongError } from 'limber/bot'
import { describe, expect, test } from 'vitest'
import { messageParts, splitHtml, splitText } from './internals.ts'

const { LIMBER_TEST_DEEP: isDeep } = process.env
const runs = { numRuns: isDeep ? 20_000 : 500 }

describe('a text that is too long', () => {
  test.for([
    ['between paragraphs', 'One.\n\nTwo two.\n\nThree three.', ['One.\n\nTwo two.\n\n', 'Three three.']],
    ['between lines', 'One one one\ntwo two\nthree', ['One one one\ntwo two\n', 'three']],
    ['between words', 'one two three four five six', ['one two three four ', 'five six']],
    ['where there is no space', 'x'.repeat(45), ['x'.repeat(20), 'x'.repeat(20), 'xxxxx']],
    ['late rather than between paragraphs', `a\n\n${'b'.repeat(22)}`, [`a\n\n${'b'.repeat(17)}`, 'bbbbb']],
    ['around a pair of surrogates', `${'x'.repeat(19)}😀y`, ['x'.repeat(19), '😀y']],
    ['around a family', `${'x'.repeat(12)}👨‍👩‍👧‍👦y`, ['x'.repeat(12), '👨‍👩‍👧‍👦y']],
    ['around a letter with marks', `${'x'.repeat(18)}e\u0301\u0302y`, ['x'.repeat(18), 'e\u0301\u0302y']],
    [
      'not before the mark of a space',
      `${'x'.repeat(18)} \u0301${'y'.repeat(9)}`,
      [`${'x'.repeat(18)} \u0301`, 'yyyyyyyyy'],
    ],
    ['not within the end of a line', `${'x'.repeat(19)}\r\ny`, ['x'.repeat(19), '\r\ny']],
    ['not at all when it fits', 'x'.repeat(20), ['x'.repeat(20)]],
  ] as const)('is split %s', ([, text, parts]) => {
    expect(splitText(text, 20)).toEqual(parts)
  })

  test('is split within what looks like one character when that is longer than a message', () => {
    const parts = splitText(`😀${'\u200d😀'.repeat(20)}`, 20)
    expect(parts.join('')).toBe(`😀${'\u200d😀'.repeat(20)}`)
    expect(parts.every((part) => part.length <= 20 && part.isWellFormed())).toBe(true)
  })
})

describe('HTML that is too long', () => {
  test.for([
    [
      'closes its tags, and opens them again',
      '<b>one <a href="https://x.y/?a=1&amp;b=>">two three four five</a></b> six',
      [
        '<b>one <a href="https://x.y/?a=1&amp;b=>">two three four </a></b>',
        '<b><a href="https://x.y/?a=1&amp;b=>">five</a></b> six',
      ],
    ],
    [
      'opens nothing that would be empty',
      `<i>${'x'.repeat(20)}</i><b>yy</b>`,
      [`<i>${'x'.repeat(20)}</i>`, '<b>yy</b>'],
    ],
    ['counts an entity as what it shows', '&lt;&#128512;&amp'.repeat(5), ['&lt;&#128512;&amp'.repeat(5)]],
    ['counts as written what is nearly an entity', '&LT;'.repeat(6), ['&LT;'.repeat(5), '&LT;']],
    ['cuts no entity', `${'x'.repeat(19)}&#x1F600;y`, ['x'.repeat(19), '&#x1F600;y']],
    [
      'takes what is no tag for text',
      `a < b & c ${'x'.repeat(15)}`,
      [`a < b & c ${'x'.repeat(10)}`, 'xxxxx'],
    ],
    [
      'keeps the language of code',
      '<pre><code class="language-ts">let a = 123\nlet b = 22\nlet c</code></pre>',
      [
        '<pre><code class="language-ts">let a = 123\n</code></pre>',
        '<pre><code class="language-ts">let b = 22\nlet c</code></pre>',
      ],
    ],
    [
      'closes what is open for </>, and leaves what closes nothing',
      `<b>one two</></i> ${'x'.repeat(20)}`,
      [`<b>one two</></i> ${'x'.repeat(12)}`, 'xxxxxxxx'],
    ],
  ] as const)('%s', ([, html, parts]) => {
    expect(splitHtml(html, 20)).toEqual(parts)
  })

  test('of a million signs that are nearly tags is split in time', () => {
    for (const sign of ['<', '<a ', '<a "', '&', '&#', '</', '<b>']) {
      const html = sign.repeat(1_000_000 / sign.length)
      expect(splitHtml(html).join('').length).toBeGreaterThanOrEqual(html.length)
    }
  })
})

const tag = fc.constantFrom('b', 'i', 'u', 's', 'code', 'blockquote', 'a')
const word = fc.constantFrom(
  ...[
    'a',
    'Wort',
    ' ',
    ' ',
    '\n',
    '\n\n',
    '\r\n',
    '😀',
    '👨‍👩‍👧‍👦',
    'e\u0301',
    '🇩🇪',
    '中文',
    '. ',
    'x'.repeat(30),
  ],
)
const entity = fc.constantFrom('&lt;', '&gt;', '&amp;', '&quot;', '&#128512;', '&#xe9;', '&#39;')

const { html } = fc.letrec<{ html: string }>((tie) => ({
  html: fc
    .array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        word,
        entity,
        fc.tuple(tag, tie('html')).map(([name, inner]) => wrapped(name, inner)),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join('')),
}))

function wrapped(name: string, inner: string): string {
  return `<${name}${name === 'a' ? ' href="https://example.com/?a=1&amp;b=2"' : ''}>${inner}</${name}>`
}

const SHOWN: Readonly<Record<string, string>> = {
  ...{ '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' },
  ...{ '&#128512;': '😀', '&#xe9;': 'é', '&#39;': "'" },
}

/** What readers see of a message: each unit with the tags around it. */
function seen(html: string) {
  const open: string[] = []
  const units: string[] = []
  let text = ''
  for (const [piece] of html.matchAll(/<[^>]*>|&[^;]+;|./gsu)) {
    if (piece.startsWith('</')) expect(open.pop()).toBe(piece.slice(2, -1))
    else if (/^<./.test(piece)) open.push(/\w+/.exec(piece)?.[0] ?? '')
    else {
      const shown = SHOWN[piece] ?? piece
      text += shown
      for (const unit of shown.split('')) units.push(`${unit} ${open.join('>')}`)
    }
  }
  return { text, units, open }
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

test('whatever is split: every part fits and is whole, and together they say what was said', () => {
  fc.assert(
    fc.property(html, fc.integer({ min: 12, max: 80 }), (given, limit) => {
      const whole = seen(given)
      const parts = splitHtml(given, limit).map(seen)
      expect(parts.flatMap(({ units }) => units)).toEqual(whole.units)
      expect(splitText(whole.text, limit)).toEqual(parts.map(({ text }) => text))
      const borders = new Set([...characters.segment(whole.text)].map(({ index }) => index))
      let end = 0
      for (const { text, open } of parts) {
        expect(open).toEqual([])
        expect(text.length).toBeLessThanOrEqual(limit)
        if (parts.length > 1) expect(borders).toContain(end)
        end += text.length
      }
      const least = Math.ceil(whole.text.length / limit)
      expect(parts.length).toBeGreaterThanOrEqual(Math.max(1, least))
      expect(parts.length).toBeLessThanOrEqual(2 * least + 1)
    }),
    runs,
  )
})

describe('the messages of a reply', () => {
  test('are one where it fits, whatever it is written in', () => {
    const text = '*'.repeat(4096)
    for (const mode of [undefined, 'HTML', 'Markdown', 'MarkdownV2'] as const)
      expect(messageParts(text, mode)).toEqual([text])
  })

  test('are as many as it takes, without those that show nothing', () => {
    const text = `${'a'.repeat(4096)}${' '.repeat(4096)}${'b'.repeat(4096)}`
    expect(messageParts(text)).toEqual(['a'.repeat(4096), 'b'.repeat(4096)])
    expect(messageParts(`<b>${text}</b>`, 'HTML')).toEqual([
      `<b>${'a'.repeat(4096)}</b>`,
      `<b>${'b'.repeat(4096)}</b>`,
    ])
  })

  test('are never none', () => {
    expect(messageParts('')).toEqual([''])
    expect(messageParts(' '.repeat(5000))).toEqual([' '.repeat(5000)])
  })

  test('count what HTML shows', () => {
    const html = `<b>${'&lt;'.repeat(4096)}</b>`
    expect(messageParts(html, 'HTML')).toEqual([html])
    expect(messageParts(html)).toHaveLength(5)
  })

  test.for(['Markdown', 'MarkdownV2'] as const)('are refused for %s, which cannot be split', (mode) => {
    const error = expect(() => messageParts('*'.repeat(4097), mode))
    error.toThrow(ReplyTooLongError)
    error.toThrow(`A reply in ${mode} has 4097 characters, and cannot be split into messages of 4096.`)
  })
})
