import type { ChannelId, SectionId, SidebarSection } from '#contracts';

export const MAX_SECTIONS = 100;
export const MAX_PLACED = 1000;

type Sections = readonly SidebarSection[];
/** A step that can't be made: what is named does not exist, or there is no room. */
export type Refusal = 'no_section' | 'no_anchor' | 'full';

/** `item` behind `after`, first when that is null, last when it is absent; null when `after` is not there. */
const insert = <T, Id>(
  list: readonly T[],
  item: T,
  after: Id | null | undefined,
  idOf: (item: T) => Id,
): T[] | null => {
  if (after === undefined) return [...list, item];
  if (after === null) return [item, ...list];
  const at = list.findIndex((other) => idOf(other) === after);
  return at === -1 ? null : [...list.slice(0, at + 1), item, ...list.slice(at + 1)];
};
const idOf = (section: SidebarSection): SectionId => section.id;
const itself = (id: ChannelId): ChannelId => id;

export const addSection = (
  sections: Sections,
  section: SidebarSection,
  after?: SectionId | null,
): SidebarSection[] | Refusal => {
  if (sections.length >= MAX_SECTIONS) return 'full';
  return insert(sections, section, after, idOf) ?? 'no_anchor';
};

export type SectionChange = {
  name?: string | undefined;
  collapsed?: boolean | undefined;
  after?: SectionId | null | undefined;
};

export const changeSection = (
  sections: Sections,
  id: SectionId,
  { name, collapsed, after }: SectionChange,
): SidebarSection[] | Refusal => {
  const old = sections.find((section) => section.id === id);
  if (!old) return 'no_section';
  const section = { ...old, name: name ?? old.name, collapsed: collapsed ?? old.collapsed };
  if (after === undefined || after === id)
    return sections.map((other) => (other.id === id ? section : other));
  return (
    insert(
      sections.filter((other) => other.id !== id),
      section,
      after,
      idOf,
    ) ?? 'no_anchor'
  );
};

export const removeSection = (sections: Sections, id: SectionId): SidebarSection[] | Refusal =>
  sections.some((section) => section.id === id)
    ? sections.filter((section) => section.id !== id)
    : 'no_section';

/** Puts the channel into one section, out of any other; with null out of all. */
export const placeChannel = (
  sections: Sections,
  channelId: ChannelId,
  sectionId: SectionId | null,
  after?: ChannelId | null,
): SidebarSection[] | Refusal => {
  if (sectionId === null) return without(sections, channelId);
  const old = sections.find((section) => section.id === sectionId);
  if (!old) return 'no_section';
  // Behind itself is where it stands.
  if (after === channelId && old.channelIds.includes(channelId)) return [...sections];
  const rest = without(sections, channelId);
  if (placed(rest).length >= MAX_PLACED) return 'full';
  const others = old.channelIds.filter((other) => other !== channelId);
  const channelIds = insert(others, channelId, after === channelId ? undefined : after, itself);
  if (!channelIds) return 'no_anchor';
  return rest.map((section) => (section.id === sectionId ? { ...section, channelIds } : section));
};

export const placed = (sections: Sections): ChannelId[] => sections.flatMap(({ channelIds }) => channelIds);

/** Forgets the places of channels that are not kept. */
export const keepOnly = (sections: Sections, keep: ReadonlySet<ChannelId>): SidebarSection[] =>
  sections.map((section) => ({ ...section, channelIds: section.channelIds.filter((id) => keep.has(id)) }));

const without = (sections: Sections, channelId: ChannelId): SidebarSection[] =>
  sections.map((section) =>
    section.channelIds.includes(channelId)
      ? { ...section, channelIds: section.channelIds.filter((id) => id !== channelId) }
      : section,
  );
