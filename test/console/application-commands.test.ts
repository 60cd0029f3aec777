import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runLimber, startLimber } from '../support/run-limber.ts'

describe('a command of the application', () => {
  it('has its services injected and its options read', async () => {
    const line = ['greet', 'Ada', '-n', '2', '--loud', '--mood', 'glad']
    const { code, stdout, stderr } = await runLimber(line)
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'HELLO, ADA.\nHELLO, ADA.\nI am glad.\n' })
    expect(stderr).toBe('the greeter has ended\n')
  })

  it('takes what stands behind -- as it is', async () => {
    const { stdout } = await runLimber(['greet', '--', '--help'])
    expect(stdout).toBe('Hello, --help.\n')
  })

  it('shows the stack of a bug at the lines that were written, and no password', async () => {
    const { code, stderr } = await runLimber(['shop', 'crash'])
    expect(code).toBe(1)
    expect(stderr).toContain('TypeError: the shelf of postgres://ada:****@localhost/shop is undefined')
    expect(stderr).not.toContain('s3cret')
    const place = /at CrashCommand\.run \((.*):(\d+):\d+\)/.exec(stderr)
    const [, file = '', line] = place ?? []
    expect(readFileSync(file, 'utf8').split('\n')[Number(line) - 1]).toContain('throw new TypeError')
  })

  it('that waits for what can no longer happen fails, and says so', async () => {
    const { code, stderr } = await runLimber(['shop', 'abandon'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'limber: the command did not finish: it waits for something that can no longer happen.\n',
    })
  })

  it('loses no output in a pipe', async () => {
    const { code, stdout } = await runLimber(['shop', 'flood', '20000'])
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(20_000)
    expect(lines.at(-1)).toMatch(/^line 20000 \.{80}$/)
  })

  it('finishes its work when the reader of its output leaves', async () => {
    const limber = startLimber(['shop', 'flood', '20000'])
    await once(limber.child, 'spawn')
    limber.child.stdout?.destroy()
    const { code, stderr } = await limber.ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('ends although it leaves a timer behind, and names that', async () => {
    const { code, stderr } = await runLimber(['shop', 'forget'])
    expect(code).toBe(0)
    expect(stderr).toMatch(/something keeps the process alive \(.*Timeout.*\)/)
  })
})
