import type { LogEntry } from '../history.ts';
import type { Ledger } from '../ledger.ts';

/** What the log says of each message: the events that announced it, and its newest state. */
const told = (ledger: Ledger) => {
  const created = new Map<string, Map<string, LogEntry>>();
  const newest = new Map<string, { version: number; text: string }>();
  for (const entry of ledger.history.log) {
    const { type, data, id } = entry.event;
    if (type !== 'message.created' && type !== 'message.updated' && type !== 'message.deleted') continue;
    const { message } = data;
    if ((newest.get(message.id)?.version ?? -1) < message.version)
      newest.set(message.id, { version: message.version, text: message.text });
    if (type !== 'message.created') continue;
    const events = created.get(message.id) ?? new Map<string, LogEntry>();
    created.set(message.id, events.set(id, entry));
  }
  return { created, newest };
};

/** Each stored message was announced by one event, and its last change was told. */
export const storedWasAnnounced = (ledger: Ledger): string[] => {
  const { created, newest } = told(ledger);
  return ledger.history.end.stored.flatMap(({ id, seq, channelId, version, text }) => {
    const what = `message ${id} (seq ${seq} in ${ledger.room(channelId)})`;
    const events = [...(created.get(id)?.keys() ?? [])];
    if (events.length === 0) return [`${what} was never announced: its event is lost`];
    if (events.length > 1) return [`${what} was announced by ${events.length} events: ${events.join(', ')}`];
    const last = newest.get(id);
    if (last?.version === version && last.text === text) return [];
    return [`${what} has version ${version}, but the last that was told is version ${last?.version}`];
  });
};

/** Nothing was announced that is not stored. */
export const announcedIsStored = (ledger: Ledger): string[] => {
  const stored = new Set(ledger.history.end.stored.map(({ id }) => id));
  return [...told(ledger).created].flatMap(([id, events]) =>
    stored.has(id)
      ? []
      : [...events.values()].map(
          (entry) => `${ledger.describe(entry)} announced a message that is not stored`,
        ),
  );
};

/** Who belongs to a channel by the log belongs to it by the API. */
export const membershipsAgree = (ledger: Ledger): string[] =>
  ledger.history.end.people.flatMap(({ personId, channels }) =>
    ledger.history.channels.flatMap(({ id, name }) => {
      const byLog = ledger.stays(id, personId).at(-1)?.to === Infinity;
      const byApi = channels.some(({ channel }) => channel.id === id);
      if (byLog === byApi) return [];
      const [yes, no] = byApi ? ['API', 'log'] : ['log', 'API'];
      return [`${ledger.name(personId)} is in ${name} by the ${yes}, but not by the ${no}`];
    }),
  );
