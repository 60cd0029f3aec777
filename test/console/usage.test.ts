import { describe, expect, it } from 'vitest'
import { emptyFolder } from '../support/app-folder.ts'
import { runLimber, shop } from '../support/run-limber.ts'

describe('a command line that is wrong', () => {
  it.each([
    ['a mistyped command of limber', 'lsit', 'LIMBER_UNKNOWN_COMMAND', 'Did you mean "limber list"?'],
    [
      'a mistyped command of the application',
      'gret Ada',
      'LIMBER_UNKNOWN_COMMAND',
      'Did you mean "limber greet"?',
    ],
    [
      'a mistyped command of a group',
      'shop flod',
      'LIMBER_UNKNOWN_COMMAND',
      'Did you mean "limber shop flood"?',
    ],
    ['a command without its group', 'flood 1', 'LIMBER_UNKNOWN_COMMAND', 'Did you mean "limber shop flood"?'],
    ['a command like no other', 'photosynthesis', 'LIMBER_UNKNOWN_COMMAND', 'Run "limber list"'],
    [
      'a group alone',
      'shop',
      'LIMBER_COMMAND_USAGE',
      'Choose one: shop abandon, shop crash, shop flood, shop forget.',
    ],
    ['an unknown option', 'greet Ada --load', 'LIMBER_UNKNOWN_OPTION', 'Did you mean "--loud"?'],
    ['an option instead of a command', '--hepl', 'LIMBER_UNKNOWN_OPTION', 'Did you mean "--help"?'],
    ['a missing argument', 'greet', 'LIMBER_COMMAND_USAGE', 'Run "limber greet --help"'],
    ['an argument too many', 'greet Ada Bob', 'LIMBER_COMMAND_USAGE', 'Run "limber greet --help"'],
    [
      'an option without its value',
      'greet Ada --how-often',
      'LIMBER_COMMAND_USAGE',
      'Run "limber greet --help"',
    ],
    ['a bad integer', 'greet Ada --how-often 2.5', 'LIMBER_COMMAND_VALUE', 'Run "limber greet --help"'],
    ['a word out of a list', 'greet Ada --mood angry', 'LIMBER_COMMAND_VALUE', 'Run "limber greet --help"'],
  ])('%s is explained: limber %s', async (_what, line, errorCode, hint) => {
    const { code, stdout, stderr } = await runLimber(line.split(' '))
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(`[${errorCode}]: `)
    expect(stderr).toContain(`  hint  ${hint}`)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  it('a bad value is shown with what was expected', async () => {
    const { stderr } = await runLimber(['greet', 'Ada', '--how-often', 'twice'])
    expect(stderr).toContain(
      'The option --how-often of "limber greet" is "twice", but has to be a whole number.',
    )
  })
})

describe('outside of an application', () => {
  it('a command of limber says that there is no application, and where it looked', async () => {
    const folder = emptyFolder()
    const { code, stderr } = await runLimber(['services'], { cwd: folder })
    expect(code).toBe(3)
    expect(stderr).toContain('[LIMBER_APP_NOT_FOUND]')
    expect(stderr).toContain(folder)
    expect(stderr).toContain('hint  Run limber in a folder with config/app.ts')
  })

  it('a mistyped command is still a mistyped command', async () => {
    const { code, stderr } = await runLimber(['servces'], { cwd: emptyFolder() })
    expect(code).toBe(2)
    expect(stderr).toContain('[LIMBER_UNKNOWN_COMMAND]')
    expect(stderr).toContain('Did you mean "limber services"?')
  })

  it('a folder below the application belongs to it', async () => {
    const { code, stdout } = await runLimber(['greet', 'Ada'], { cwd: `${shop}/app/commands` })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello, Ada.\n' })
  })
})
