import { Injectable } from '@nestjs/common';
import type { UserId, WorkspaceId } from '#contracts';
import { Clock, uuidv7 } from '#core';
import type { Tx } from '#db';
import { emailOf, lineOf, personName } from './import-names.js';
import { ImportsRepository, type NewPlaceholder } from './imports.repository.js';
import type { SlackUser } from './slack-format.js';

type Person = {
  sourceId: string;
  kind: 'user' | 'bot';
  name: string;
  title: string;
  email: string | null;
  raw: string | null;
};

/**
 * Finds who the people of an import are. Those who are no members become placeholders: accounts without a
 * password and with an address that reaches nobody, in no workspace, so that messages have their authors.
 */
@Injectable()
export class ImportPeople {
  constructor(
    private readonly imports: ImportsRepository,
    private readonly clock: Clock,
  ) {}

  load(workspaceId: WorkspaceId): Promise<Map<string, UserId>> {
    return this.imports.people(workspaceId);
  }

  listed(users: readonly { user: SlackUser; raw: unknown }[]): Person[] {
    return users.map(({ user, raw }) => ({
      sourceId: user.id,
      kind: user.is_bot || user.id === 'USLACKBOT' ? 'bot' : 'user',
      name: personName(user),
      title: lineOf(user.profile.title, 80),
      email: user.is_bot || user.deleted ? null : emailOf(user),
      raw: JSON.stringify(raw),
    }));
  }

  /** Someone who writes or reacts in an export whose list of people doesn't have them. */
  unlisted(sourceId: string, hint: { username?: string | undefined; isBot: boolean }): Person {
    const kind = hint.isBot || sourceId === 'USLACKBOT' ? 'bot' : 'user';
    const name = lineOf(hint.username ?? '', 80) || (sourceId === 'USLACKBOT' ? 'Slackbot' : sourceId);
    return { sourceId, kind, name, title: '', email: null, raw: null };
  }

  /** Adds those that are not known yet to `known`; returns how many were matched, and how many made. */
  async add(
    tx: Tx,
    workspaceId: WorkspaceId,
    people: readonly Person[],
    known: Map<string, UserId>,
  ): Promise<{ matchedPeople: number; placeholders: number }> {
    const emails = people.flatMap(({ email }) => email ?? []);
    const members = await this.imports.match(tx, workspaceId, emails);
    const placeholders: NewPlaceholder[] = [];
    const noted = new Map<
      string,
      { sourceId: string; userId: UserId; placeholder: boolean; raw: string | null }
    >();
    let matchedPeople = 0;
    for (const { sourceId, kind, name, title, email, raw } of people) {
      const before = known.get(sourceId) ?? noted.get(sourceId)?.userId;
      const member = email === null ? undefined : members.get(email);
      const userId = before ?? member ?? (uuidv7() as UserId);
      if (!before && member) matchedPeople++;
      else if (!before) placeholders.push({ id: userId, kind, name, title });
      noted.set(sourceId, { sourceId, userId, placeholder: userId !== member, raw });
    }
    await this.imports.addPlaceholders(tx, placeholders, this.clock.now());
    await this.imports.notePeople(tx, workspaceId, [...noted.values()]);
    for (const { sourceId, userId } of noted.values()) known.set(sourceId, userId);
    return { matchedPeople, placeholders: placeholders.length };
  }
}
