import { Injectable } from '@nestjs/common';
import { MembershipsReply, rpcSubjects, type UserId, type WorkspaceId, type WorkspaceRole } from '#contracts';
import { RpcClient } from '#bus';
import { DomainError } from '#platform';

/** Who is what in a workspace, as chat knows it. */
@Injectable()
export class Memberships {
  constructor(private readonly rpc: RpcClient) {}

  /** Null for a stranger. */
  async findRole(workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceRole | null> {
    try {
      const body = { pairs: [{ workspaceId, userId }] };
      const reply = MembershipsReply.parse(await this.rpc.request(rpcSubjects.memberships, body));
      return reply.memberships[0]?.role ?? null;
    } catch (cause) {
      throw new DomainError('unavailable', {}, { cause });
    }
  }
}
