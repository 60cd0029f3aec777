/** @module Help: for the whole binary, for a group of commands, for one command. */
import { type CommandRegistry, leadingWords, type RegisteredCommand } from './command-registry.ts'

/**
 * Gives the help that a command line asks for, or undefined when it asks for a command to be run.
 * Only the help of one command loads the parser.
 */
export async function helpFor(
  argv: readonly string[],
  registry: CommandRegistry,
): Promise<string | undefined> {
  const line = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv
  const words = leadingWords(line)
  if (!asksForHelp(line)) return line.length === 0 ? overview(registry) : undefined
  if (words.length === 0) return overview(registry)
  const found = registry.find(line)
  if (found) {
    const { CommandLine } = await import('./command-line.ts')
    return new CommandLine(found.command.definition).help()
  }
  const group = registry.group(words)
  return group.length > 0 ? section(`${words.join(' ')} …`, group) : undefined
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end < 0 ? argv.length : end).some((word) => word === '--help' || word === '-h')
}

function overview(registry: CommandRegistry): string {
  const commands = registry.all()
  const width = widthOf(commands)
  const groups = Map.groupBy(commands, ({ definition: { name } }) =>
    name.includes(' ') ? name.split(' ')[0] : '',
  )
  const alone = groups.get('') ?? []
  groups.delete('')
  return [
    'Usage: limber <command> [arguments] [options]',
    section('Commands', alone, width),
    ...[...groups].map(([group, members]) => section(`${group} …`, members, width)),
    [
      'limber <command> --help  shows the arguments and options of a command.',
      'limber list              shows all commands, with those of the application.',
      'limber --version         shows the version.',
    ].join('\n'),
  ].join('\n\n')
}

function section(title: string, commands: readonly RegisteredCommand[], width = widthOf(commands)): string {
  const lines = commands.map(
    ({ definition }) => `  ${definition.name.padEnd(width)}  ${definition.description}`,
  )
  return [`${title}:`, ...lines].join('\n')
}

function widthOf(commands: readonly RegisteredCommand[]): number {
  return Math.max(...commands.map(({ definition }) => definition.name.length))
}
