import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { Application } from 'limber'
import { TemplateError, TemplateNotFoundError } from 'limber/bot'
import { describe, expect, test } from 'vitest'
import { folderWith, rejectionOf } from '../../modules/module-folders.ts'
import { Wordings } from './internals.ts'

type Values = Readonly<Record<string, unknown>>

/** What an application with these templates says. */
function templates(files: Readonly<Record<string, string>>, language?: string) {
  const entries = Object.entries(files).map(([name, text]) => [`templates/${name}`, text] as const)
  const root = folderWith({ 'package.json': '{}', ...Object.fromEntries(entries) })
  const wordings = new Wordings(new Application({ root, config: {}, providers: [] }), language)
  const render = (name: string, values?: Values, asked?: string) =>
    wordings.for(undefined, asked).render(name, values)
  return { render, root }
}

const errorOf = async (files: Readonly<Record<string, string>>, values?: Values) => {
  const error = await rejectionOf(templates(files).render('page', values))
  if (!(error instanceof TemplateError)) throw new Error(`It was no error of a template: ${String(error)}`)
  return error.message
}

describe('a template', () => {
  test('is filled in with values, which are no HTML', async () => {
    const { render } = templates({
      'page.liquid': '<b>{{ name }}</b> has {{ points | plus: 1 }}. {{ mark | raw }}',
    })
    const values = { name: '<i>"Ada" & \'Bob\'</i>', points: 4, mark: '<u>!</u>' }
    expect(await render('page', values)).toBe(
      '<b>&lt;i&gt;&#34;Ada&#34; &amp; &#39;Bob&#39;&lt;/i&gt;</b> has 5. <u>!</u>',
    )
  })

  test('is taken in the language of the user, a broader one, in none, then in that of the application', async () => {
    const { render } = templates(
      {
        ...{ 'a.liquid': 'a', 'a.de.liquid': 'a de', 'a.de-AT.liquid': 'a de-AT' },
        ...{ 'b.liquid': 'b', 'b.nl.liquid': 'b nl', 'c.nl.liquid': 'c nl', 'c.fr.liquid': 'c fr' },
      },
      'nl',
    )
    const said = (name: string) =>
      Promise.all(
        ['de-AT', 'de_AT', 'de-CH', 'fr', undefined, '../../etc', 'x'.repeat(1_000_000)].map((language) =>
          render(name, {}, language),
        ),
      )
    expect(await said('a')).toEqual(['a de-AT', 'a', 'a de', 'a', 'a', 'a', 'a'])
    expect(await said('b')).toEqual(['b', 'b nl', 'b', 'b', 'b nl', 'b nl', 'b nl'])
    expect(await said('c')).toEqual(['c nl', 'c nl', 'c nl', 'c fr', 'c nl', 'c nl', 'c nl'])
  })

  test('may stand in a folder, have dots in its name, and take others in, in the same language', async () => {
    const { render } = templates({
      'cards/page.v2.liquid':
        '{% layout "frame" %}{% block main %}{% render "parts/foot", name: name %}{% endblock %}',
      'frame.liquid': '[{% block main %}{% endblock %}]',
      'parts/foot.liquid': 'Bye {{ name }}',
      'parts/foot.de.liquid': 'Tschüss {{ name }}',
    })
    expect(await render('cards/page.v2', { name: '<' }, 'de-AT')).toBe('[Tschüss &lt;]')
    expect(await render('cards/page.v2', { name: '<' }, 'en')).toBe('[Bye &lt;]')
  })

  test('of a module is its own', async () => {
    const { root } = templates({ 'page.liquid': 'application' })
    const folder = folderWith({ 'templates/page.liquid': 'module' })
    const wordings = new Wordings(new Application({ root, config: {}, providers: [] }))
    const strings = { languages: [], text: (key: string) => key }
    const owner = { name: 'shop', folder, provider: {}, strings, connection: undefined }
    expect(await wordings.for(owner, 'en').render('page')).toBe('module')
    expect(await wordings.for(undefined, 'en').render('page')).toBe('application')
  })
})

describe('nothing outside of the folder can be read', () => {
  const names = [
    '../secret',
    '/etc/passwd',
    'parts/../../secret',
    './../secret',
    'linked',
    'folder/secret',
    'constructor',
  ]

  test.for(names)('as %s', async (name) => {
    for (const way of ['render', 'include', 'layout']) {
      const { render, root } = templates({
        'page.liquid': `{% ${way} "${name}" %}`,
        'chosen.liquid': '{% include name %}',
      })
      const outside = folderWith({ 'secret.liquid': 'secret' })
      symlinkSync(path.join(outside, 'secret.liquid'), path.join(root, 'templates/linked.liquid'))
      symlinkSync(outside, path.join(root, 'templates/folder'))
      await expect(render('page')).rejects.toThrow(
        `templates/page.liquid:1 cannot be filled in: there is no template "${name}".`,
      )
      await expect(render('chosen', { name })).rejects.toThrow(`there is no template "${name}"`)
      await expect(render(name)).rejects.toThrow(TemplateNotFoundError)
    }
  })
})

describe('what is wrong is told with file and line', () => {
  test.for([
    [
      'a value that was not given',
      'one\ntwo {{ nmae }}',
      'templates/page.liquid:2',
      'undefined variable: nmae',
    ],
    ['a filter that there is not', '{{ 1 | shout }}', 'templates/page.liquid:1', 'undefined filter: shout'],
    ['a tag that is not closed', '\n\n{% if a %}', 'templates/page.liquid:3', 'tag {% if a %} not closed'],
    ['what others keep', '{{ own.hidden }}', 'templates/page.liquid:1', 'undefined variable: own.hidden'],
  ] as const)('%s', async ([, page, place, reason]) => {
    class Own {
      shown = 1
      get hidden() {
        return 'hidden'
      }
    }
    expect(await errorOf({ 'page.liquid': page }, { own: new Own() })).toBe(
      `${place} cannot be filled in: ${reason}.`,
    )
  })

  test('also in a template that another takes in', async () => {
    const files = { 'page.liquid': 'a\n{% render "foot" %}', 'foot.liquid': '\n\n{{ name }}' }
    expect(await errorOf(files)).toBe(
      'templates/foot.liquid:3 cannot be filled in: undefined variable: name.',
    )
  })

  test('a template that there is not, with the one that may have been meant', async () => {
    const { render } = templates({ 'profile.de.liquid': 'a', 'other.liquid': 'b' }, 'de')
    await expect(render('profle')).rejects.toMatchObject({
      code: 'LIMBER_TEMPLATE_NOT_FOUND',
      message: 'There is no template "profle" in templates.',
      hint: 'Did you mean "profile"?',
    })
    await expect(templates({}).render('page')).rejects.toMatchObject({
      hint: 'Write templates/page.liquid, or name one of these: there are none.',
    })
  })

  test('a file that is too large', async () => {
    expect(await errorOf({ 'page.liquid': 'x'.repeat(256 * 1024 + 1) })).toBe(
      'templates/page.liquid cannot be filled in: it has 262145 bytes; 262144 are the most.',
    )
  })
})

describe('what would go on for ever is given up', () => {
  test.for([
    ['a list that is too long', '{% for i in (1..1000000000) %}{{ i }}{% endfor %}'],
    ['lists in lists', '{% for a in (1..9000) %}{% for b in (1..9000) %}{{ b }}{% endfor %}{% endfor %}'],
    [
      'a text that doubles',
      '{% assign a = "xxxxxxxxxx" %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}',
    ],
    ['a template that takes itself in', '{% include "page" %}'],
  ] as const)('%s', async ([, page]) => {
    expect(await errorOf({ 'page.liquid': page })).toMatch(/^templates\/page\.liquid.* cannot be filled in: /)
  })
})
