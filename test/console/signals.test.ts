import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { copy, emptyFolder, write } from '../support/app-folder.ts'
import { repository, runLimber, startLimber } from '../support/run-limber.ts'

describe('a signal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s stops a waiting command, which ends in its own time',
    async (signal) => {
      const limber = startLimber(['wait'])
      await limber.wrote('waiting')
      limber.child.kill(signal)
      const { code, stdout } = await limber.ended
      expect({ code, stdout }).toEqual({ code: 7, stdout: `waiting\nstopped by ${signal}\n` })
    },
  )

  it('that comes again ends the process at once', async () => {
    const limber = startLimber(['stall'])
    await limber.wrote('waiting')
    limber.child.kill('SIGINT')
    await limber.wrote('stalling')
    limber.child.kill('SIGINT')
    expect((await limber.ended).code).toBe(130)
  })

  it('that comes twice at once, as Ctrl+C under npm does, is one', async () => {
    const limber = startLimber(['stall'])
    await limber.wrote('waiting')
    limber.child.kill('SIGINT')
    limber.child.kill('SIGINT')
    await limber.wrote('stalling')
    limber.child.kill('SIGTERM')
    expect((await limber.ended).code).toBe(143)
  })
})

const oldNode = '/usr/bin/node'
const isOld = existsSync(oldNode) && majorOf(oldNode) < 24

describe.skipIf(!isOld)(`on an old Node (${oldNode}; skipped where that is 24 or newer)`, () => {
  it('a command runs on the Node of the project', async () => {
    const { code, stdout } = await runLimber(['doctor', '--json'], { node: oldNode })
    expect(code).toBe(0)
    const report: { checks: { check: string; note?: string }[] } = JSON.parse(stdout)
    expect(report.checks.find(({ check }) => check === 'Node.js')?.note).toMatch(/^v(2[4-9]|[3-9]\d)\./)
  })

  it('a project without a newer Node is told what to install', async () => {
    const folder = emptyFolder()
    copy(path.join(repository, 'bin'), path.join(folder, 'bin'))
    write(folder, { 'package.json': '{ "type": "module" }' })
    const bin = path.join(folder, 'bin/limber.js')
    const { code, stdout, stderr } = await runLimber(['--help'], { node: oldNode, cwd: folder, bin })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^limber needs Node\.js 24 or newer; this is v\d+/)
    expect(stderr).toContain('npm install --save-dev node@24')
  })

  it('the exit code is kept', async () => {
    expect((await runLimber(['nonsense'], { node: oldNode, cwd: emptyFolder() })).code).toBe(2)
  })

  it('a signal to the old process stops the command, whose exit code is kept', async () => {
    const limber = startLimber(['wait'], { node: oldNode })
    await limber.wrote('waiting')
    limber.child.kill('SIGTERM')
    const { code, stdout } = await limber.ended
    expect({ code, stdout }).toEqual({ code: 7, stdout: 'waiting\nstopped by SIGTERM\n' })
  })

  it('a command that a signal kills is seen to be killed', async () => {
    const limber = startLimber(['sleep'], { node: oldNode })
    await limber.wrote('sleeping')
    limber.child.kill('SIGTERM')
    expect((await limber.ended).signal).toBe('SIGTERM')
  })
})

function majorOf(node: string): number {
  return Number.parseInt(execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }), 10)
}
