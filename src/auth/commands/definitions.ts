/** @module What the commands of auth are called and take. It loads nothing else, since every `limber --help` reads it. */
import { defineCommand, flag, type Parameter, text, texts } from '../../console/define-command.ts'
import { durationOf } from '../../support/duration.ts'

/** A hundred years; dates end somewhere. */
const LONGEST = 36_525 * 86_400_000

const user = text('the login of the user', { required: true })

/** A time to come, in milliseconds. */
function lifetime(description: string): Parameter<number | undefined> {
  return {
    description,
    expected: 'a number and m, h, d or w: 90d',
    required: false,
    default: undefined,
    short: undefined,
    parse: (written) => {
      const time = durationOf(written) ?? 0
      return time > 0 && time <= LONGEST ? time : undefined
    },
  }
}

export const authKey = defineCommand({
  name: 'auth key',
  description: 'Issue an API key for a user, and print it once.',
  options: {
    user,
    name: text('where the key is used, for people', { required: true }),
    ability: texts('what it is good for; * is everything'),
    expires: lifetime('how long it is good for; default: it does not expire'),
    dryRun: flag('issue nothing, and say what would be issued'),
    json: flag('as JSON'),
  },
})

export const authToken = defineCommand({
  name: 'auth token',
  description: 'Issue a JSON Web Token for a user, and print it.',
  options: {
    user,
    expires: lifetime('how long it is good for; default: what the configuration says'),
    json: flag('as JSON'),
  },
})
