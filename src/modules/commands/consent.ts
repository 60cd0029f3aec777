/** @module How a command comes by consent: it was given with `--yes`, or a person is asked. */
import type { Output } from '../../console/output.ts'
import { isTerminal } from '../../database/commands/ask-rename.ts'
import type { AskConsent } from '../consent.ts'

/** Undefined where nobody can be asked. */
export function consentOf(
  { yes, json }: { yes: boolean; json: boolean },
  { stdout }: Output,
): AskConsent | undefined {
  if (yes) return async () => true
  if (json || !isTerminal(process.stdin, stdout)) return undefined
  return async (manifest, permissions) => {
    const { askConsent } = await import('./ask-consent.ts')
    return askConsent(manifest, permissions, process.stdin, stdout)
  }
}
