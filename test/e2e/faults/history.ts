import type { Bootstrap, ChannelBadge, Message, MyChannel, ParleyEvent } from '#contracts';
import type { FaultKind, Target } from './schedule.ts';

/**
 * Everything that was observed in one trial, as plain data: what people asked for and were told, what their
 * devices heard, what the durable stream holds, and what is true in the end. The checker judges this alone.
 * Times are milliseconds since the epoch; positions are those of the durable stream.
 */
export interface History {
  readonly seed: number;
  readonly people: readonly PersonRecord[];
  readonly channels: readonly ChannelRecord[];
  readonly commands: readonly Command[];
  readonly faults: readonly FaultRecord[];
  readonly log: readonly LogEntry[];
  readonly devices: readonly DeviceRecord[];
  readonly end: End;
}

export interface PersonRecord {
  readonly id: string;
  readonly name: string;
  readonly role: 'owner' | 'member' | 'guest' | 'stranger';
}

/** `memberIds` are those at `since`, when the trial began. */
export interface ChannelRecord {
  readonly id: string;
  readonly name: string;
  readonly since: number;
  readonly memberIds: readonly string[];
}

export type CommandKind = 'send' | 'edit' | 'delete' | 'read' | 'unread' | 'add' | 'remove';

/** One wish of a person, however often it had to be repeated. */
export interface Command {
  readonly kind: CommandKind;
  readonly personId: string;
  readonly channelId: string;
  /** Of a send. */
  readonly clientMessageId?: string;
  /** Of an edit or a deletion. */
  readonly messageId?: string;
  readonly text?: string;
  /** Whom it is about: of joining, leaving, adding and removing. */
  readonly userId?: string;
  readonly invokedAt: number;
  /** When it was acknowledged; null when no reply told the outcome. Refused commands are not kept. */
  readonly ackedAt: number | null;
  readonly message?: Pick<Message, 'id' | 'seq'>;
}

export interface FaultRecord {
  readonly target: Target;
  readonly kind: FaultKind;
  readonly from: number;
  /** When it was ready again. */
  readonly to: number;
}

/** An event as the durable stream keeps it. */
export interface LogEntry {
  readonly position: number;
  /** When the stream took it. */
  readonly storedAt: number;
  readonly scope: string;
  /** Of the channel, user or workspace it is addressed to. */
  readonly addressee: string;
  readonly event: ParleyEvent;
}

/** What a device heard, in order. */
export type Heard =
  | { readonly kind: 'state'; readonly channels: readonly MyChannel[]; readonly cursor: number }
  | { readonly kind: 'opened'; readonly at: number; readonly after: number }
  | { readonly kind: 'event'; readonly at: number; readonly position: number; readonly id: string }
  | { readonly kind: 'resync'; readonly at: number; readonly position: number; readonly reason: string }
  | { readonly kind: 'closed'; readonly at: number };

export interface DeviceRecord {
  readonly name: string;
  readonly personId: string;
  /** False for somebody who is not in the workspace and must be refused. */
  readonly admitted: boolean;
  readonly heard: readonly Heard[];
}

/** A message as the database has it. */
export interface StoredMessage {
  readonly id: string;
  readonly channelId: string;
  readonly senderId: string;
  readonly clientMessageId: string;
  readonly seq: number;
  readonly version: number;
  readonly text: string;
  readonly deleted: boolean;
  /** False for a reply that only its thread shows. */
  readonly inChannel: boolean;
}

/** What one person is told over REST in the end. */
export interface PersonState {
  readonly personId: string;
  readonly channels: Bootstrap['channels'];
  readonly badges: readonly ChannelBadge[];
}

export interface End {
  readonly stored: readonly StoredMessage[];
  /** The history of every channel over REST, without replies that only their threads show. */
  readonly messages: readonly Message[];
  readonly people: readonly PersonState[];
  readonly outboxRows: number;
  /** Events that the search indexer has yet to take. */
  readonly unindexedEvents: number;
  /** The words by which search finds a message. */
  readonly documents: readonly { readonly messageId: string; readonly terms: readonly string[] }[];
  readonly deadLetters: number;
}
