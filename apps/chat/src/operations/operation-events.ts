import { Injectable } from '@nestjs/common';
import { Clock } from '#core';
import { Outbox, type Tx } from '#db';
import { newEvent } from '../events/new-event.js';
import { presentOperation, type OperationRow } from './operation.js';

/** Tells whoever started an operation how it stands. */
@Injectable()
export class OperationEvents {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async tell(tx: Tx, row: OperationRow): Promise<void> {
    const time = this.clock.now();
    const about = { workspaceId: row.workspaceId, actorId: row.startedBy, time };
    const event = newEvent('job.progress', about, { job: presentOperation(row, time) });
    await this.outbox.append(tx, event, { scope: 'user', id: row.startedBy });
  }
}
