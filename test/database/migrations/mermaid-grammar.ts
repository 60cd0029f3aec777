/** @module Reads an entity relationship diagram as strictly as Mermaid does, and fails with the line that it would refuse. */

export interface ParsedColumn {
  readonly type: string
  readonly name: string
  readonly keys: readonly string[]
  readonly comment: string | undefined
}

export interface ParsedDiagram {
  readonly entities: Readonly<Record<string, readonly ParsedColumn[]>>
  readonly relations: readonly string[]
  readonly comments: readonly string[]
}

// Of the lexer of Mermaid: names in quotes, words of a column, keys that are known whatever their case.
const ENTITY = '"([^"%\\r\\n\\v\\u0008\\\\]+)"'
const TEXT = '"([^"%]*)"'
const OPENING = new RegExp(`^ {2}${ENTITY}( \\{)?$`)
const RELATION = new RegExp(`^ {2}${ENTITY} (\\|o|\\|\\|)--(o\\||o\\{) ${ENTITY} : ${TEXT}$`)
const COLUMN = new RegExp(
  `^ {4}([A-Za-z_][\\w()[\\]-]*) ([A-Za-z_]\\w*)( (?:PK|FK|UK)(?:, (?:PK|FK|UK))*)?(?: ${TEXT})?$`,
)
const KEYWORD = /^(?:pk|fk|uk)$/i

export function parseMermaid(text: string): ParsedDiagram {
  const [first, ...lines] = text.trimEnd().split('\n')
  if (first !== 'erDiagram') throw new Error(`It begins with ${first}.`)
  const entities: Record<string, ParsedColumn[]> = {}
  const relations: string[] = []
  const comments: string[] = []
  let open: ParsedColumn[] | undefined
  for (const line of lines) {
    if (open) {
      if (line === '  }') open = undefined
      else open.push(columnOf(line))
      continue
    }
    const [, name, brace] = OPENING.exec(line) ?? []
    const [, to, left, right, from, role] = RELATION.exec(line) ?? []
    if (name !== undefined) {
      if (entities[name]) throw new Error(`There are two of ${name}.`)
      const columns: ParsedColumn[] = []
      entities[name] = columns
      if (brace !== undefined) open = columns
    } else if (to !== undefined) relations.push(`${to} ${left}--${right} ${from} : ${role}`)
    else if (/^ {2}%% [^{]/.test(line)) comments.push(line.slice(5))
    else throw new Error(`Mermaid would refuse: ${line}`)
  }
  if (open) throw new Error('A brace is not closed.')
  return { entities, relations, comments }
}

function columnOf(line: string): ParsedColumn {
  const [, type = '', name = '', keys, comment] = COLUMN.exec(line) ?? []
  if (type === '' || KEYWORD.test(name) || KEYWORD.test(type))
    throw new Error(`Mermaid would refuse: ${line}`)
  return { type, name, keys: keys?.trim().split(', ') ?? [], comment }
}
