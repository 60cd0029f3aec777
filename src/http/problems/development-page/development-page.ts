/** @module The page that shows a developer what failed: it needs no script and no network, and escapes everything. */
import path from 'node:path'
import type { FastifyRequest } from 'fastify'
import type { LimberError } from '../../../errors/limber-error.ts'
import { maskSecrets } from '../../../support/mask-secrets.ts'
import type { ErrorFormat, Failure, RenderedError } from '../error-format.ts'
import { UnexpectedError } from '../request-errors.ts'
import { helpFor } from './help-entry.ts'
import { type Html, html } from './html.ts'
import { STYLE } from './page-style.ts'
import { type Row, type ShownRequest, showRequest } from './shown-request.ts'
import { sourceAround } from './source-excerpt.ts'
import { framesOf, type StackFrame } from './stack-frames.ts'

const HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'cache-control': 'no-store',
}
const LONGEST = 10_000
const DEEPEST_CAUSE = 8

/** Whether somebody looks at the reply in a browser. Programs that take anything get what they get in production. */
export function asksForPage(request: FastifyRequest | undefined): boolean {
  const accept = request?.headers.accept ?? ''
  return /\btext\/html\b/.test(accept) && !/\bjson\b/.test(accept)
}

export class DevelopmentPage implements ErrorFormat {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  render(failure: Failure): RenderedError {
    const { error, problem } = failure
    const thrown = error instanceof UnexpectedError && error.cause instanceof Error ? error.cause : error
    const shown = failure.request && showRequest(failure.request)
    const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${problem.status} ${masked(thrown.message)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>${headOf(failure, thrown, shown?.line)}</header>
<main>${this.#sections(error, thrown)}${sectionsOf(shown)}</main>
<footer>This page is shown in development only. In production the client is told the code, and the log has the rest.</footer>
</body>
</html>
`
    return { contentType: 'text/html; charset=utf-8', body: body.text, headers: HEADERS }
  }

  #sections(error: LimberError, thrown: Error): Html {
    const frames = framesOf(thrown)
    const steps = error.path.map((name) => html`<code>${name}</code>`)
    const faults = error.faults.map(({ path, message }) => [path, masked(message)] as const)
    return html`
${section('Path', steps.length > 0 && html`<p class="path">${steps}</p>`)}
${section('Faults', table(faults))}
${this.#source(frames)}
${section('Stack', this.#stack(frames))}
${causesOf(thrown).map((cause) => section(`Cause: ${nameOf(cause)}`, this.#cause(cause)))}
${section('What this code means', table(helpFor(error.code), 'prose'))}`
  }

  #source(frames: readonly StackFrame[]): Html | undefined {
    const frame = frames.find(({ isOwn }) => isOwn)
    const lines = frame ? sourceAround(frame, this.#root) : []
    if (!frame || lines.length === 0) return undefined
    const rows = lines.map(
      ({ number, text, isFailing }) =>
        html`<li data-line="${number}"${isFailing && html` class="failing"`}>${text}</li>`,
    )
    return section(this.#placeOf(frame), html`<ol class="source">${rows}</ol>`)
  }

  /** Frames of others are folded: the application is rarely wrong in them. */
  #stack(frames: readonly StackFrame[]): Html | false {
    if (frames.length === 0) return false
    const groups = frames.reduce<StackFrame[][]>((made, frame) => {
      const last = made.at(-1)
      if (last?.[0]?.isOwn === frame.isOwn) last.push(frame)
      else made.push([frame])
      return made
    }, [])
    return html`${groups.map((group) => {
      const items = html`<ul class="stack">${group.map((frame) => this.#frame(frame))}</ul>`
      if (group[0]?.isOwn) return items
      return html`<details><summary>${group.length} ${group.length === 1 ? 'frame' : 'frames'} of Limber, packages and Node</summary>${items}</details>`
    })}`
  }

  #frame(frame: StackFrame): Html {
    return html`<li>${frame.name ?? '<anonymous>'} <code>${this.#placeOf(frame)}</code></li>`
  }

  #cause(cause: unknown): Html {
    if (!(cause instanceof Error)) return html`<p>${masked(String(cause))}</p>`
    return html`<p>${masked(cause.message)}</p>${this.#stack(framesOf(cause))}`
  }

  #placeOf({ file, line, column }: StackFrame): string {
    const inside = path.relative(this.#root, file)
    return `${inside.startsWith('..') || !path.isAbsolute(file) ? file : inside}:${line}:${column}`
  }
}

function headOf({ problem, error }: Failure, thrown: Error, line: string | undefined): Html {
  const side = problem.status < 500 ? 'theirs' : 'ours'
  const hint = thrown === error && error.hint !== undefined ? masked(error.hint) : undefined
  return html`
<p class="line"><b class="${side}">${problem.status} ${problem.title}</b><code>${line}</code></p>
<h1>${masked(thrown.message)}</h1>
<p class="line"><span>${thrown.name}</span><code>${error.code}</code></p>
${hint !== undefined && html`<p class="hint">${hint}</p>`}
`
}

function sectionsOf(shown: ShownRequest | undefined): Html {
  return html`
${section('Request', table(shown?.facts))}
${section('Parameters', table(shown?.params))}
${section('Query', table(shown?.query))}
${section('Headers', table(shown?.headers))}
`
}

function section(title: string, content: Html | false | undefined): Html | undefined {
  return content ? html`<section><h2>${title}</h2>${content}</section>` : undefined
}

function table(rows: readonly Row[] = [], style = 'data'): Html | false {
  if (rows.length === 0) return false
  return html`<table class="${style}">${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</table>`
}

/** What led to an error, the nearest first; an error may be its own cause. */
function causesOf(error: Error): unknown[] {
  const found = new Set<unknown>()
  const visit = (one: unknown) => {
    if (one === undefined || one === error || found.has(one) || found.size >= DEEPEST_CAUSE) return
    found.add(one)
    if (one instanceof Error) next(one)
  }
  const next = (one: Error) => {
    visit(one.cause)
    if (one instanceof AggregateError) one.errors.forEach(visit)
  }
  next(error)
  return [...found]
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : typeof cause
}

/** Without its secrets; of a text that nobody would read to its end, the beginning. */
function masked(text: string): string {
  return maskSecrets(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
}
