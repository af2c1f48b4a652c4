import { Injectable } from '@nestjs/common';
import { Outbox, type Tx } from '#db';
import { presentMe, presentUser } from '../accounts/account.js';
import type { MeRow } from '../accounts/user-row.js';
import { newEvent } from '../events/new-event.js';
import { ProfilesRepository } from './profiles.repository.js';

/** Tells whoever may see a person that they changed. */
@Injectable()
export class ProfileChanges {
  constructor(
    private readonly profiles: ProfilesRepository,
    private readonly outbox: Outbox,
  ) {}

  /** What everyone sees: workspaces, the guests among them who share a channel, and the person's devices. */
  async announce(tx: Tx, row: MeRow, now: Date): Promise<void> {
    const data = { user: presentUser(row, now) };
    for (const { workspaceId, guestChannelIds } of await this.profiles.circles(tx, row.id)) {
      const about = { workspaceId, actorId: row.id, time: now };
      const event = newEvent('user.updated', about, data);
      await this.outbox.append(tx, event, { scope: 'members', id: workspaceId });
      for (const channelId of guestChannelIds) {
        const toGuests = newEvent('user.updated', { ...about, channelId }, data);
        await this.outbox.append(tx, toGuests, { scope: 'channel', id: channelId });
      }
    }
    await this.announceToSelf(tx, row, now);
  }

  /** What only the person sees. */
  async announceToSelf(tx: Tx, row: MeRow, now: Date): Promise<void> {
    const event = newEvent(
      'me.updated',
      { workspaceId: null, actorId: row.id, time: now },
      { me: presentMe(row, now) },
    );
    await this.outbox.append(tx, event, { scope: 'user', id: row.id });
  }
}
