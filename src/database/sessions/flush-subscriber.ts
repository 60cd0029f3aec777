/** @module Opens the transaction of a scope when a flush finds something to write, and not before. */
import type { EventSubscriber, FlushEventArgs, UnitOfWork } from '@mikro-orm/core'
import { ownStatements } from '../insight/own-reads.ts'
import { settleCollections } from './collection-memory.ts'
import { Session } from './session.ts'

export class FlushSubscriber implements EventSubscriber {
  async onFlush({ em, uow }: FlushEventArgs): Promise<void> {
    if (!(em instanceof Session)) return
    if (!hasWork(uow)) return
    ownStatements(uow.getChangeSetPersister())
    await em.beforeFlush()
  }

  async afterFlush({ em, uow }: FlushEventArgs): Promise<void> {
    if (em instanceof Session && hasWork(uow)) settleCollections(uow)
  }
}

function hasWork(work: UnitOfWork): boolean {
  return (
    work.getChangeSets().length > 0 ||
    work.getCollectionUpdates().length > 0 ||
    work.getExtraUpdates().size > 0
  )
}
