/** @module What runs in an application until it stops: its kernels, and what else is to end with them. */
import { attemptAll } from '../errors/attempt-all.ts'
import type { Kernel } from './kernel.ts'

const DEFAULT_STOP_TIMEOUT = 10_000

type Ending = (deadline: number) => unknown

export class Running {
  readonly #kernels: Kernel[] = []
  readonly #endings: Ending[] = []

  addKernel(kernel: Kernel): void {
    this.#kernels.push(kernel)
  }

  /** Runs when the kernels have stopped. */
  addEnding(end: Ending): void {
    this.#endings.push(end)
  }

  /** The longest time that a kernel asks for. */
  get stopTimeout(): number {
    return Math.max(0, ...this.#kernels.map(({ stopTimeout }) => stopTimeout ?? DEFAULT_STOP_TIMEOUT))
  }

  /** Stops the kernels, then runs the endings, each the last one first; gives what went wrong. */
  async stop(deadline: number): Promise<unknown[]> {
    const errors = await attemptAll(this.#kernels.reverse().map((kernel) => () => kernel.stop(deadline)))
    // With those that have come meanwhile.
    const endings = this.#endings.toReversed().map((end) => () => end(deadline))
    return [...errors, ...(await attemptAll(endings))]
  }
}
