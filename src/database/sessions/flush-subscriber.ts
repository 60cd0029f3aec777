/** @module Opens the transaction of a scope when a flush finds something to write, and not before. */
import type { EventSubscriber, FlushEventArgs } from '@mikro-orm/core'
import { ownStatements } from '../insight/own-reads.ts'
import { Session } from './session.ts'

export class FlushSubscriber implements EventSubscriber {
  async onFlush({ em, uow }: FlushEventArgs): Promise<void> {
    if (!(em instanceof Session)) return
    const hasWork =
      uow.getChangeSets().length > 0 ||
      uow.getCollectionUpdates().length > 0 ||
      uow.getExtraUpdates().size > 0
    if (!hasWork) return
    ownStatements(uow.getChangeSetPersister())
    await em.beforeFlush()
  }
}
