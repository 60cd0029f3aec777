/** @module What can go wrong with templates and long replies. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { suggest } from '../../support/suggest.ts'

export class TemplateNotFoundError extends LimberError {
  readonly code = 'LIMBER_TEMPLATE_NOT_FOUND'
  readonly kind: ErrorKind = 'internal'

  /** @param place of the folder: `modules/shop/templates` */
  constructor(name: string, place: string, known: readonly string[]) {
    const near = suggest(name, known)
    super(`There is no template "${name}" in ${place}.`, {
      hint: near
        ? `Did you mean "${near}"?`
        : `Write ${place}/${name}.liquid, or name one of these: ${known.join(', ') || 'there are none'}.`,
    })
  }
}

export class TemplateError extends LimberError {
  readonly code = 'LIMBER_TEMPLATE'
  readonly kind: ErrorKind = 'internal'

  /** @param place where it went wrong: `templates/profile.de.liquid:3` */
  constructor(place: string, reason: string, cause?: unknown) {
    super(`${place} cannot be filled in: ${reason}.`, {
      path: [place],
      hint: 'Correct the template, or give it every value that it names.',
      cause,
    })
  }
}

export class ReplyTooLongError extends LimberError {
  readonly code = 'LIMBER_REPLY_TOO_LONG'
  readonly kind: ErrorKind = 'internal'

  constructor(length: number, parseMode: string) {
    super(`A reply in ${parseMode} has ${length} characters, and cannot be split into messages of 4096.`, {
      hint: "Write it in HTML, with parse_mode: 'HTML', or send several shorter ones.",
    })
  }
}
