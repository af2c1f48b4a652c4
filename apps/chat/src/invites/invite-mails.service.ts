import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { InviteId } from '#contracts';
import { Clock } from '#core';
import { Database, type Tx } from '#db';
import { CONFIG } from '#platform';
import type { ChatConfig } from '../config.js';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { Mails } from '../mail/mails.service.js';
import { isOpen, newToken } from './invite.js';
import { InvitesRepository } from './invites.repository.js';

const inviteMailJob = job('invite.mail', z.object({ inviteId: InviteId }));

/** Mails invites. The link is made with the mail: in clear it exists there alone, here only as a hash. */
@Injectable()
export class InviteMails implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly invites: InvitesRepository,
    private readonly jobs: Jobs,
    private readonly mails: Mails,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  onModuleInit(): void {
    this.jobs.work(inviteMailJob, ({ inviteId }) => this.deliver(inviteId));
  }

  async send(tx: Tx, inviteId: InviteId): Promise<void> {
    await this.jobs.enqueue(tx, inviteMailJob, { inviteId });
  }

  /** Nothing is sent of an invite that was revoked meanwhile. A second try makes a second link, which is the one that works. */
  private async deliver(inviteId: InviteId): Promise<void> {
    const { token, hash } = newToken();
    const mail = await this.database.transaction(async (tx) => {
      const invite = await this.invites.lock(tx, inviteId);
      if (!invite?.email || !isOpen(invite, this.clock.now())) return null;
      await this.invites.setToken(tx, inviteId, hash);
      return { to: invite.email, ...(await this.invites.preview(tx, inviteId)) };
    });
    if (!mail) return;
    const { to, workspaceName, invitedBy } = mail;
    await this.mails.deliver({
      to,
      subject: `${invitedBy} invites you to ${workspaceName}`,
      paragraphs: [
        'Hello,',
        `${invitedBy} invites you to the workspace ${workspaceName}. The link works once.`,
        'If you do not know them, ignore this mail.',
      ],
      action: { label: 'Join the workspace', url: `${this.config.publicUrl}/invite/${token}` },
    });
  }
}
