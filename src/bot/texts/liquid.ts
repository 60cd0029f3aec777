/** @module The engine of the templates of one language: it reads no files, and gives up what goes on for too long. */
import type { Liquid } from 'liquidjs'
import type { TemplateFile } from './template-files.ts'

/** What a template may use: in signs, in milliseconds, and in things that it makes. */
const LIMITS = { parseLimit: 1_000_000, renderLimit: 2_000, memoryLimit: 1_000_000 }

export function liquidOf(engine: typeof Liquid, files: ReadonlyMap<string, TemplateFile>): Liquid {
  // Without a prototype, or there would be a template "constructor".
  const templates: Record<string, string> = Object.create(null)
  for (const [name, { text }] of files) templates[name] = text
  return new engine({
    ...LIMITS,
    templates,
    relativeReference: false,
    cache: true,
    outputEscape: 'escape',
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    // What may be missing is asked for: {% if title %}.
    lenientIf: true,
  })
}
