import { rpcSubjects, type AcquaintancesReply, type UserId, type WorkspaceId } from '#contracts';
import { DomainError } from '#platform';

type Rpc = { request<Reply>(subject: string, body: unknown): Promise<Reply> };
export type Acquaintances = NonNullable<AcquaintancesReply['acquaintances']>;

/** Asks chat whom of these somebody may know of. Throws `workspace.not_found` or `unavailable`. */
export const acquaintancesOf = async (
  rpc: Rpc,
  workspaceId: WorkspaceId,
  userId: UserId,
  others: readonly UserId[],
): Promise<Acquaintances> => {
  const body = { workspaceId, userId, others };
  const { acquaintances } = await rpc
    .request<AcquaintancesReply>(rpcSubjects.acquaintances, body)
    .catch((cause: unknown) => {
      throw new DomainError('unavailable', { retryAfter: 2 }, { cause });
    });
  if (!acquaintances) throw new DomainError('workspace.not_found');
  return acquaintances;
};
