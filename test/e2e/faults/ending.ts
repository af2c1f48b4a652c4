import { DeliverPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { EVENTS_STREAM, parseEventSubject, type ParleyEvent } from '#contracts';
import { eventually } from '../../../libs/testing/src/eventually.ts';
import type { Instance } from '../../../deploy/local/instance.mjs';
import type { End, LogEntry, PersonState, StoredMessage } from './history.ts';
import { peopleOf, type Town } from './town.ts';

const SETTLE_MS = 90_000;
const INDEXER = 'chat-indexer';
const DEAD_LETTERS = 'DEAD_LETTERS';

const STORED = `
  SELECT id, channel_id AS "channelId", sender_id AS "senderId", client_message_id AS "clientMessageId",
         seq::int AS seq, version::int AS version, text, deleted_at IS NOT NULL AS deleted,
         ordinal IS NOT NULL AS "inChannel"
  FROM chat.messages WHERE workspace_id = $1 ORDER BY channel_id, seq`;
const DOCUMENTS = `
  SELECT message_id AS "messageId", tsvector_to_array(terms) AS terms
  FROM chat.search_documents WHERE workspace_id = $1`;

/** A direct look into the engines: what is true, whatever the services say. */
export class Ending {
  readonly #postgres: pg.Pool;
  readonly #nats: NatsConnection;
  readonly #jsm: JetStreamManager;

  private constructor(postgres: pg.Pool, nats: NatsConnection, jsm: JetStreamManager) {
    this.#postgres = postgres;
    this.#nats = nats;
    this.#jsm = jsm;
  }

  static async of(instance: Instance): Promise<Ending> {
    const nats = await connect({ servers: instance.engines.nats.url, maxReconnectAttempts: -1 });
    const postgres = new pg.Pool({ connectionString: instance.engines.postgres.url, max: 2 });
    // Connections that a killed server takes along are made anew.
    postgres.on('error', () => undefined);
    return new Ending(postgres, nats, await jetstreamManager(nats));
  }

  async close(): Promise<void> {
    await this.#postgres.end();
    await this.#nats.close();
  }

  async #rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#postgres.query<Row>(text, values)).rows;
  }

  async #outboxRows(): Promise<number> {
    return (
      (await this.#rows<{ count: number }>('SELECT count(*)::int AS count FROM chat.outbox'))[0]?.count ?? -1
    );
  }

  async #unindexed(): Promise<number> {
    const { num_pending, num_ack_pending } = await this.#jsm.consumers.info(EVENTS_STREAM, INDEXER);
    return num_pending + num_ack_pending;
  }

  /** Waits until nothing is on its way; what still is after that time is for the checker to judge. */
  async settled(): Promise<void> {
    const nothing = async () => {
      const left = [await this.#outboxRows(), await this.#unindexed()];
      if (left.some((count) => count > 0)) throw new Error(`on their way: ${left.join(', ')}`);
    };
    await eventually(nothing, { timeoutMs: SETTLE_MS, everyMs: 250 }).catch(() => undefined);
  }

  async head(): Promise<number> {
    return (await this.#jsm.streams.info(EVENTS_STREAM)).state.last_seq;
  }

  /** Everything the durable stream took after `position`. */
  async log(position: number): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    const head = await this.head();
    if (head <= position) return entries;
    const consumer = await jetstream(this.#nats).consumers.get(EVENTS_STREAM, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: position + 1,
    });
    for await (const message of await consumer.consume({ max_messages: 1_000 })) {
      const address = parseEventSubject(message.subject);
      if (address)
        entries.push({
          position: message.seq,
          storedAt: Math.floor(message.info.timestampNanos / 1e6),
          scope: address.scope,
          addressee: address.id,
          event: message.json<ParleyEvent>(),
        });
      if (message.seq >= head) break;
    }
    return entries;
  }

  async end(town: Town): Promise<End> {
    const { workspaceId, ada, general, plaza, vault } = town;
    const messages = (await Promise.all([general, plaza, vault].map(({ id }) => ada.history(id)))).flat();
    return {
      stored: await this.#rows<StoredMessage>(STORED, [workspaceId]),
      messages,
      people: await this.#people(town),
      outboxRows: await this.#outboxRows(),
      unindexedEvents: await this.#unindexed(),
      documents: await this.#rows(DOCUMENTS, [workspaceId]),
      deadLetters: (await this.#jsm.streams.info(DEAD_LETTERS)).state.messages,
    };
  }

  async #people(town: Town): Promise<PersonState[]> {
    const states: PersonState[] = [];
    for (const person of peopleOf(town)) {
      if (person === town.sam) continue;
      const { channels } = await person.bootstrap(town.workspaceId);
      states.push({ personId: person.id, channels, badges: await person.badges(town.workspaceId) });
    }
    return states;
  }
}
