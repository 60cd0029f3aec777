import { Application } from 'limber'
import { escapeHtml } from 'limber/bot'
import { StringsError, TextValueError } from 'limber/modules'
import { describe, expect, test } from 'vitest'
import { folderWith } from '../../modules/module-folders.ts'
import { BUILT_IN_TEXTS, loadStrings, Wordings } from './internals.ts'

async function wordings(files: Readonly<Record<string, string>> = {}, language?: string) {
  const root = folderWith({ 'package.json': '{}', ...files })
  const all = new Wordings(new Application({ root, config: {}, providers: [] }), language)
  await all.application()
  return all
}

async function shop(files: Readonly<Record<string, string>>, language = 'en') {
  const folder = folderWith({ 'module.yaml': '', ...files })
  const strings = await loadStrings(folder, language, folder)
  return { name: 'shop', folder, provider: {}, strings, connection: undefined }
}

test('what a user wrote is no HTML any more, wherever it stands', () => {
  const name = `<a href="x">Ada & 'Bob'</a>&lt;`
  expect(escapeHtml(name)).toBe("&lt;a href=&quot;x&quot;&gt;Ada &amp; 'Bob'&lt;/a&gt;&amp;lt;")
})

describe('texts', () => {
  test('are those of the application, in the language of the user, or in that of the bot', async () => {
    const all = await wordings(
      {
        'strings/de.yaml': 'hello: Hallo {name}\nonly: nur',
        'strings/en.yaml': 'hello: Hello {name}',
      },
      'de',
    )
    const said = (language?: string) => all.for(undefined, language).text('hello', { name: '<b>' })
    expect(
      ['en', 'en-GB', 'de-AT', 'fr', undefined, 'xx_%', '__proto__', 'e'.repeat(1_000_000)].map(said),
    ).toEqual([...['Hello <b>', 'Hello <b>'], ...Array(6).fill('Hallo <b>')])
    expect(all.for(undefined, 'en').text('only')).toBe('nur')
    expect(all.for(undefined, 'en').text('nothing.there')).toBe('nothing.there')
  })

  test('are their keys where there are none, and before they are read', async () => {
    const all = await wordings()
    expect(all.for(undefined, 'en').text('hello')).toBe('hello')
    const early = new Wordings(new Application({ root: folderWith({}), config: {}, providers: [] }))
    expect([early.for(undefined, 'en').text('hello'), early.for(undefined, 'en').text('bot.failed')]).toEqual(
      ['hello', BUILT_IN_TEXTS['bot.failed']],
    )
  })

  test('of the application stand in for what the bot says in the conversations of its modules', async () => {
    const all = await wordings({ 'strings/en.yaml': 'bot.conversation-over: Alas!\nbot.cancelled: Bye.' })
    const { text } = all.for(await shop({}), 'en')
    expect([text('bot.conversation-over'), text('bot.cancelled')]).toEqual(['Alas!', 'Bye.'])
  })

  test('of a module are its own, in its own language where the user has none', async () => {
    const all = await wordings({ 'strings/en.yaml': 'hello: application\nother: application' })
    const owner = await shop({ 'strings/nl.yaml': 'hello: winkel', 'strings/de.yaml': 'hello: Laden' }, 'nl')
    expect(['de', 'en', undefined].map((language) => all.for(owner, language).text('hello'))).toEqual([
      ...['Laden', 'winkel', 'winkel'],
    ])
    expect(all.for(owner, 'de').text('other')).toBe('other')
  })

  test('that are faulty are told with file and line', async () => {
    await expect(wordings({ 'strings/en.yaml': 'hello: "{name"' })).rejects.toThrow(StringsError)
    await expect(wordings({ 'strings/de.yaml': 'hello: a' })).rejects.toThrow('there is no en.yaml')
    const all = await wordings({ 'strings/en.yaml': 'hello: Hello {name}' })
    expect(() => all.for(undefined, 'en').text('hello')).toThrow(TextValueError)
  })
})

describe('what the bot itself says', () => {
  test('is in English, whatever the language', async () => {
    const all = await wordings({ 'strings/de.yaml': 'hello: Hallo' }, 'de')
    for (const [key, text] of Object.entries(BUILT_IN_TEXTS))
      expect(all.for(undefined, 'de').text(key)).toBe(text)
  })

  test('is what the application says in its place, also for modules, unless they have their own', async () => {
    const files = { 'strings/de.yaml': 'bot:\n  failed: Kaputt.', 'strings/en.yaml': 'hello: Hello' }
    const all = await wordings(files)
    const plain = await shop({})
    const own = await shop({ 'strings/en.yaml': 'bot.failed: The shop is broken.' })
    const said = (language: string) =>
      [undefined, plain, own].map((owner) => all.for(owner, language).text('bot.failed'))
    expect(said('de')).toEqual(['Kaputt.', 'Kaputt.', 'The shop is broken.'])
    expect(said('en')).toEqual([
      BUILT_IN_TEXTS['bot.failed'],
      BUILT_IN_TEXTS['bot.failed'],
      'The shop is broken.',
    ])
  })

  test('is nothing that objects have by themselves', async () => {
    const all = await wordings()
    expect(['constructor', '__proto__', 'toString'].map((key) => all.for(undefined, 'en').text(key))).toEqual(
      [...['constructor', '__proto__', 'toString']],
    )
  })
})
