import { describe, expect, it } from '@jest/globals';
import { PostingRights } from './posting-rights.js';
import { Pace } from './pace.js';

const allowed = { workspaceId: 'w' };
type Body = { pairs: { channelId: string; userId: string }[] };

const asking = (answer: (channelId: string) => object = () => allowed) => {
  const asked: Body['pairs'][] = [];
  const rpc = {
    request: <Reply>(_subject: string, body: unknown): Promise<Reply> => {
      const { pairs } = body as Body;
      asked.push(pairs);
      return Promise.resolve().then(
        () => ({ verdicts: pairs.map(({ channelId }) => answer(channelId)) }) as Reply,
      );
    },
  };
  return { asked, rights: new PostingRights(rpc) };
};

describe('the right to post', () => {
  it('is asked for once per person and channel, and for many at once', async () => {
    const { asked, rights } = asking();
    await Promise.all([rights.of('ada', 'c1'), rights.of('ada', 'c2'), rights.of('grace', 'c1')]);
    expect(await rights.of('ada', 'c1')).toEqual(allowed);
    expect(asked.map((pairs) => pairs.length)).toEqual([3]);
  });

  it('is asked for again once it was forgotten, or refused', async () => {
    const { asked, rights } = asking((id) => (id === 'closed' ? { refused: 'channel.archived' } : allowed));
    for (const channelId of ['c1', 'c2', 'closed']) await rights.of('ada', channelId);
    rights.forget('ada', 'c1');
    for (const channelId of ['c1', 'c2', 'closed']) await rights.of('ada', channelId);
    expect(asked.slice(3).map(([pair]) => pair?.channelId)).toEqual(['c1', 'closed']);
    rights.forget('ada', null);
    await rights.of('ada', 'c2');
    expect(asked).toHaveLength(6);
  });

  it('is not remembered when it was forgotten while being asked for', async () => {
    let leave = () => undefined as void;
    const { asked, rights } = asking(() => (leave(), allowed));
    leave = () => rights.forget('ada', 'c1');
    await rights.of('ada', 'c1');
    await rights.of('ada', 'c1');
    expect(asked).toHaveLength(2);
  });

  it('is unavailable when chat is silent', async () => {
    const { rights } = asking(() => {
      throw new Error('no answer');
    });
    await expect(rights.of('ada', 'c1')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a pace', () => {
  it('is kept by each alone, and begins anew with each window', () => {
    const pace = new Pace(2, 10_000);
    expect([pace.take('ada', 0), pace.take('ada', 1000), pace.take('ada', 2000)]).toEqual([0, 0, 8]);
    expect(pace.take('grace', 9999)).toBe(0);
    expect(pace.take('ada', 9999)).toBe(1);
    expect(pace.take('ada', 10_000)).toBe(0);
  });
});
