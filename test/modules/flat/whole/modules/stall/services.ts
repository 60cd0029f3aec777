import { inject, injectable, type Log } from 'limber'
import type { Session } from 'limber/database'
import { round } from './deep/er/number.ts'

/** Nobody binds it; another class that nobody binds injects it. */
@injectable()
export class Ink {
  readonly round = round
}

/** Nobody binds it either. */
@injectable()
export class Pen {
  constructor(
    readonly ink: Ink,
    @inject('log') readonly log: Log,
  ) {}
}

@injectable()
export class Stock implements Disposable {
  isDisposed = false

  constructor(readonly pen: Pen) {}

  [Symbol.dispose](): void {
    this.isDisposed = true
  }
}

@injectable()
export class Basket {
  constructor(
    readonly stock: Stock,
    readonly pen: Pen,
    @inject('db.session.stall') readonly session: Session,
  ) {}
}
