import { suggest } from 'limber'
import { expect, test } from 'vitest'

test.each([
  ['a letter left out', 'db.sesion', 'db.session'],
  ['a letter too many', 'routerr', 'router'],
  ['two letters swapped', 'lgo', 'log'],
  ['another case', 'Config', 'config'],
])('a name with %s is recognised', (_, name, meant) => {
  expect(suggest(name, ['config', 'db.session', 'log', 'router'])).toBe(meant)
})

test('a name that is like nothing gets no suggestion', () => {
  expect(suggest('elephant', ['config', 'db.session', 'log'])).toBeUndefined()
  expect(suggest('elephant', [])).toBeUndefined()
})

test('two letters swapped are nearer than two that are wrong', () => {
  expect(suggest('cahce', ['cabbe', 'cache'])).toBe('cache')
})

test('the nearest of several is suggested', () => {
  expect(suggest('db.sesson', ['db.sessions', 'db.session'])).toBe('db.session')
})
