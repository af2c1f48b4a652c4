import { describe, expect, it } from '@jest/globals';
import type { UserId } from '#contracts';
import { exportMessage, type ExportContext, type ExportRow } from './export-message.js';

const ada = '0196f5d2-0000-7000-8000-00000000000a' as UserId;
const context = {
  channel: 'C1',
  pins: new Set<string>(),
  sourceOf: () => 'U1',
  userOf: () => ada,
} as unknown as ExportContext;
const imported = (reactions: unknown) =>
  ({
    ts: '1577836802.000000',
    createdAt: new Date(1_577_836_802_000),
    editedAt: null,
    deletedAt: null,
    pinnedAt: null,
    seq: 1,
    raw: { type: 'message', ts: '1577836802.000000', text: 'hello', reactions },
  }) as unknown as ExportRow;
const reactionsIn = (reactions: unknown, here: { emoji: string; userId: UserId }[] = []) =>
  exportMessage(imported(reactions), here, [], context)?.['reactions'];

describe('reactions that an import could not read', () => {
  const illegible: unknown[] = [
    [{ name: 'thumbsup', users: null }],
    [{ name: 'thumbsup' }],
    [null],
    ['x'],
    [{ users: ['U1'] }],
    'x',
    null,
  ];

  it.each(illegible)('go out as they came: %j', (reactions) => {
    expect(reactionsIn(reactions)).toEqual(reactions);
  });

  it.each(illegible)('make way for what people added here: %j', (reactions) => {
    expect(reactionsIn(reactions, [{ emoji: '👍', userId: ada }])).toEqual([
      { name: expect.any(String), users: ['U1'], count: 1 },
    ]);
  });
});
