import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import type { ChannelId, SectionId, SidebarSection } from '#contracts';
import {
  addSection,
  changeSection,
  keepOnly,
  MAX_PLACED,
  MAX_SECTIONS,
  placeChannel,
  placed,
  removeSection,
} from './sidebar.js';

const s = (n: number) => `s${n}` as SectionId;
const c = (n: number) => `c${n}` as ChannelId;
const section = (id: SectionId, channelIds: ChannelId[] = []): SidebarSection => ({
  id,
  name: id,
  collapsed: false,
  channelIds,
});

const sectionIds = fc.integer({ min: 0, max: 4 }).map(s);
const channelIds = fc.integer({ min: 0, max: 6 }).map(c);
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(fc.option(of, { nil: undefined }), { nil: null });
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), id: sectionIds, after: optional(sectionIds) }),
  fc.record({ kind: fc.constant('move' as const), id: sectionIds, after: optional(sectionIds) }),
  fc.record({ kind: fc.constant('remove' as const), id: sectionIds }),
  fc.record({
    kind: fc.constant('place' as const),
    channel: channelIds,
    id: fc.option(sectionIds),
    after: optional(channelIds),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const run = (sections: SidebarSection[], by: Step): SidebarSection[] => {
  const result =
    by.kind === 'add'
      ? sections.some(({ id }) => id === by.id)
        ? sections
        : addSection(sections, section(by.id), by.after)
      : by.kind === 'move'
        ? changeSection(sections, by.id, { after: by.after })
        : by.kind === 'remove'
          ? removeSection(sections, by.id)
          : placeChannel(sections, by.channel, by.id, by.after);
  return typeof result === 'string' ? sections : result;
};
const steps = fc.array(step, { maxLength: 40 });
const built = steps.map((all) => all.reduce(run, [] as SidebarSection[]));

describe('a sidebar', () => {
  test.prop([built])('never shows a section or a channel twice', (sections) => {
    const ids = sections.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const channels = placed(sections);
    expect(new Set(channels).size).toBe(channels.length);
  });

  test.prop([built, sectionIds, fc.option(sectionIds)])(
    'moves a section behind another and leaves the order of the rest',
    (sections, id, after) => {
      const moved = changeSection(sections, id, { after });
      if (typeof moved === 'string') {
        const exists = (wanted: SectionId) => sections.some((one) => one.id === wanted);
        expect(exists(id) && (after === null || after === id || exists(after))).toBe(false);
        return;
      }
      const others = (of: SidebarSection[]) => of.map((one) => one.id).filter((one) => one !== id);
      expect(others(moved)).toEqual(others(sections));
      const at = moved.findIndex((one) => one.id === id);
      if (after === id) expect(moved).toEqual(sections);
      else expect(moved[at - 1]?.id ?? null).toBe(after);
    },
  );

  test.prop([built, channelIds, sectionIds, optional(channelIds)])(
    'places a channel where it was asked to, and moves no other',
    (sections, channel, id, after) => {
      const result = placeChannel(sections, channel, id, after);
      if (typeof result === 'string') return expect(['no_section', 'no_anchor']).toContain(result);
      const target = result.find((one) => one.id === id) as SidebarSection;
      const at = target.channelIds.indexOf(channel);
      expect(at).toBeGreaterThanOrEqual(0);
      if (after === null) expect(at).toBe(0);
      if (after === undefined) expect(at).toBe(target.channelIds.length - 1);
      if (after && after !== channel) expect(target.channelIds[at - 1]).toBe(after);
      const others = (of: SidebarSection[]) =>
        of.map((one) => [one.id, one.channelIds.filter((other) => other !== channel)]);
      expect(others(result)).toEqual(others(sections));
      return undefined;
    },
  );

  test.prop([built, channelIds])('out of all sections means out of all', (sections, channel) => {
    const result = placeChannel(sections, channel, null);
    expect(placed(result as SidebarSection[])).toEqual(placed(sections).filter((id) => id !== channel));
  });

  test.prop([built, steps])(
    'a section keeps its name and fold through whatever else happens',
    (sections, all) => {
      const [first] = sections;
      if (!first) return;
      const named = changeSection(sections, first.id, { name: 'Mine', collapsed: true }) as SidebarSection[];
      const after = all.filter((one) => one.kind !== 'remove').reduce(run, named);
      expect(after.find(({ id }) => id === first.id)).toMatchObject({ name: 'Mine', collapsed: true });
    },
  );

  it('has room for so many sections and channels', () => {
    const many = Array.from({ length: MAX_SECTIONS }, (_, n) => section(s(n)));
    expect(addSection(many, section(s(MAX_SECTIONS)))).toBe('full');
    const channels = Array.from({ length: MAX_PLACED }, (_, n) => c(n));
    const full = [section(s(1), channels), section(s(2))];
    expect(placeChannel(full, c(MAX_PLACED), s(2))).toBe('full');
    // Moving what is placed already takes no more room.
    expect(typeof placeChannel(full, c(0), s(2))).toBe('object');
    expect(placed(keepOnly(full, new Set([c(3)])))).toEqual([c(3)]);
  });
});
