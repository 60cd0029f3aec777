import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { binary, shop } from '../support/run-limber.ts'

function inShell(redirected: string) {
  const env = { ...process.env, NODE_OPTIONS: '' }
  const script = `"${process.execPath}" "${binary}" list ${redirected}`
  return spawnSync('sh', ['-c', script], { cwd: shop, env, encoding: 'utf8' })
}

test.skipIf(!existsSync('/dev/full'))('a full disk is one line on standard error, and a failure', () => {
  const { status, stderr } = inShell('> /dev/full')
  expect(status).toBe(1)
  expect(stderr).toMatch(/^limber: its output could not be written: ENOSPC.*\n$/)
})

test('an output that nobody has opened is like one that nobody reads', () => {
  expect(inShell('>&-')).toMatchObject({ status: 0, stderr: '' })
})

test('a reader that leaves is no failure', () => {
  expect(inShell('| true')).toMatchObject({ status: 0, stderr: '' })
})
