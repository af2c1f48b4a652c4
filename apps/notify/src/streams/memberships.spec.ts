import { describe, expect, it } from '@jest/globals';
import { Memberships } from './memberships.js';

type Body = { pairs: { workspaceId: string; userId: string }[] };
const of = (userId: string) => ({ role: 'member', channelIds: [`of ${userId}`] });
const answer = (body: Body) => ({
  memberships: body.pairs.map(({ userId }) => (userId === 'stranger' ? null : of(userId))),
});
const asking = (answers: (body: Body) => unknown, limits?: { maxBatch: number; maxQueue: number }) => {
  const asked: number[] = [];
  const rpc = {
    request: async <Reply>(_subject: string, body: unknown) => {
      asked.push((body as Body).pairs.length);
      return answers(body as Body) as Reply;
    },
  };
  return { asked, memberships: new Memberships(rpc, limits) };
};

describe('Memberships', () => {
  it('asks once for all who come together, and gives each their own answer', async () => {
    const { asked, memberships } = asking(answer);
    const answers = await Promise.all(['ada', 'stranger', 'grace'].map((user) => memberships.of('w', user)));
    expect(answers).toEqual([of('ada'), null, of('grace')]);
    expect(asked).toEqual([3]);
  });

  it('asks for fewer when the answer for many fails', async () => {
    const { asked, memberships } = asking((body) => {
      if (body.pairs.length > 2) throw new Error('internal');
      return answer(body);
    });
    const users = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(users.map((user) => memberships.of('w', user)));
    expect(answers).toEqual(users.map(of));
    expect(asked).toEqual([5, 3, 2, 1, 2]);
  });

  it('is unavailable at once when nobody answers, or too many ask', async () => {
    const silent = asking(() => {
      throw new Error('timeout', { cause: new Error('no responders') });
    });
    const asks = ['ada', 'grace'].map((user) => silent.memberships.of('w', user));
    for (const result of await Promise.allSettled(asks))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    expect(silent.asked).toEqual([2]);
    const full = asking(answer, { maxBatch: 1, maxQueue: 0 });
    await expect(full.memberships.of('w', 'ada')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
