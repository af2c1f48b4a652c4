import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OutboxRow } from '#bus';
import { Database, Outbox, PostgresOutboxStore, type Tx } from '#db';
import { aMessageCreated, eventually, startPostgresDatabase, type TestDatabase } from '#testing';

@Entity({ name: 'notes', schema: 'chat' })
class Note {
  @PrimaryColumn('int')
  id!: number;

  @Column('text')
  text!: string;
}

describe('Database', () => {
  let postgres: TestDatabase;
  let database: Database;
  const outbox = new Outbox(1);
  const committed: OutboxRow[] = [];
  const statements: string[] = [];

  const open = async (): Promise<Database> => {
    const opened = new Database({
      url: postgres.url,
      poolSize: 4,
      name: 'test',
      entities: [Note],
      onCommitted: (rows) => committed.push(...rows),
      around: (statement, run) => {
        statements.push(statement);
        return run();
      },
    });
    await opened.open();
    return opened;
  };
  beforeAll(async () => {
    postgres = await startPostgresDatabase({ migrations: 'chat' });
    database = await open();
    await database.run({
      name: 'make_notes',
      text: 'CREATE TABLE chat.notes (id int PRIMARY KEY, text text NOT NULL)',
    });
  });
  afterAll(async () => {
    await database.close();
    await postgres.drop();
  });
  beforeEach(async () => {
    await database.run({ name: 'clear_notes', text: 'TRUNCATE chat.notes, chat.outbox' });
    committed.length = 0;
    statements.length = 0;
  });

  const insert = (tx: Tx, id: number) =>
    tx.query<{ id: number }>('INSERT INTO chat.notes VALUES ($1, $2) RETURNING id', [id, 'hello']);
  const event = () => aMessageCreated();
  const append = (tx: Tx, created = event()) =>
    outbox.append(tx, created, { scope: 'channel', id: created.data.message.channelId });
  const notes = () => database.repository(Note).find({ order: { id: 'ASC' } });
  const stored = () =>
    database.run<{ id: string; subject: string; payload: string }>({
      name: 'stored',
      text: 'SELECT id, subject, payload FROM chat.outbox ORDER BY position',
    });

  it('commits rows and events together, and hands the events on after that', async () => {
    const [first, second] = [event(), event()];
    const value = await database.transaction(async (tx) => {
      await insert(tx, 1);
      await append(tx, first);
      await append(tx, second);
      expect(committed).toEqual([]);
      return 'value';
    });
    expect(value).toBe('value');
    expect(await notes()).toEqual([{ id: 1, text: 'hello' }]);
    expect((await stored()).map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(committed.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(JSON.parse(committed[0]?.payload as string)).toEqual(first);
    expect(BigInt(committed[1]?.position as string)).toBeGreaterThan(
      BigInt(committed[0]?.position as string),
    );
  });

  it('leaves neither rows nor events of a transaction that fails', async () => {
    const failing = database.transaction(async (tx) => {
      await insert(tx, 1);
      await append(tx);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect([await notes(), await stored(), committed]).toEqual([[], [], []]);
  });

  it('leaves nothing of a transaction that Postgres refuses, and can go on', async () => {
    await database.transaction((tx) => insert(tx, 1));
    const failing = database.transaction(async (tx) => {
      await append(tx);
      await insert(tx, 1);
    });
    await expect(failing).rejects.toMatchObject({ driverError: { code: '23505' } });
    expect([await stored(), committed]).toEqual([[], []]);
    await database.transaction((tx) => insert(tx, 2));
    expect(await notes()).toHaveLength(2);
  });

  it('hands nothing on from a transaction without events', async () => {
    await database.transaction((tx) => insert(tx, 1));
    expect(committed).toEqual([]);
  });

  it('gives the rows of every kind of statement', async () => {
    await database.transaction(async (tx) => {
      expect(await insert(tx, 1)).toEqual([{ id: 1 }]);
      expect(await tx.query('SELECT id FROM chat.notes')).toEqual([{ id: 1 }]);
      expect(await tx.query(`UPDATE chat.notes SET text = 'x' RETURNING text`)).toEqual([{ text: 'x' }]);
      expect(await tx.query('DELETE FROM chat.notes WHERE id = 9 RETURNING id')).toEqual([]);
      expect(await tx.query('DELETE FROM chat.notes')).toEqual([]);
    });
  });

  it('prepares a statement once per connection', async () => {
    const statement = { name: 'add', text: 'SELECT $1::int + 1 AS sum' };
    for (let i = 0; i < 3; i++) expect(await database.run(statement, [i])).toEqual([{ sum: i + 1 }]);
    const prepared = await database.withConnection((query) =>
      query<{ name: string }>('SELECT name FROM pg_prepared_statements'),
    );
    expect(prepared.map(({ name }) => name)).toContain('add');
  });

  it('wraps each statement and transaction by name', async () => {
    await database.run({ name: 'one', text: 'SELECT 1' });
    await database.transaction((tx) => insert(tx, 1));
    expect(statements).toEqual(['one', 'transaction']);
  });

  it('does not give a connection back whose work failed: what it holds is freed', async () => {
    const failing = database.withConnection(async (query) => {
      await query('SELECT pg_advisory_lock(42)');
      throw new Error('gone');
    });
    await expect(failing).rejects.toThrow('gone');
    const [lock] = await database.withConnection((query) =>
      query<{ free: boolean }>('SELECT pg_try_advisory_lock(42) AS free'),
    );
    expect(lock?.free).toBe(true);
  });

  it('goes on after Postgres has ended its connections', async () => {
    await Promise.all([database.ping(), database.transaction((tx) => insert(tx, 1))]);
    const other = await open();
    await other.run({
      name: 'terminate',
      text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE pid <> pg_backend_pid() AND datname = current_database()`,
    });
    await other.close();
    // The ends of the connections are on their way here, one by one.
    await eventually(() => database.transaction((tx) => insert(tx, 2)));
    await database.ping();
    expect(await notes()).toHaveLength(2);
  });

  describe('the outbox store', () => {
    const age = () =>
      database.run({
        name: 'age',
        text: `UPDATE chat.outbox SET created_at = created_at - interval '10 s'`,
      });
    const all = async (rows: OutboxRow[]) => rows.map(({ position }) => position);
    const commit = (count: number) =>
      database.transaction(async (tx) => {
        for (let i = 0; i < count; i++) await append(tx);
      });

    it('removes rows by position', async () => {
      await commit(3);
      const store = new PostgresOutboxStore(database);
      await store.remove(committed.slice(0, 2).map(({ position }) => position));
      expect((await stored()).map(({ id }) => id)).toEqual([committed[2]?.id]);
    });

    it('sweeps old rows in the order of their commit, up to its limit', async () => {
      // More than nine: positions are numbers that travel as text.
      await commit(12);
      await age();
      await commit(1);
      const store = new PostgresOutboxStore(database);
      const swept: OutboxRow[][] = [];
      const publish = (rows: OutboxRow[]) => {
        swept.push(rows);
        return all(rows);
      };
      expect(await store.sweep(3000, 8, publish)).toBe(8);
      expect(await store.sweep(3000, 8, publish)).toBe(4);
      expect(await store.sweep(3000, 8, publish)).toBe(0);
      expect(swept.flat()).toEqual(committed.slice(0, 12));
      expect(await store.sweep(0, 2, publish)).toBe(1);
      expect(await stored()).toEqual([]);
    });

    it('keeps what was not published', async () => {
      await commit(3);
      const store = new PostgresOutboxStore(database);
      await store.sweep(0, 10, async (rows) => [rows[1]?.position as string]);
      expect((await stored()).map(({ id }) => id)).toEqual([committed[0]?.id, committed[2]?.id]);
      await expect(store.sweep(0, 10, () => Promise.reject(new Error('NATS is down')))).rejects.toThrow(
        'NATS is down',
      );
      expect(await stored()).toHaveLength(2);
      // And the lock is free again.
      expect(await store.sweep(0, 10, all)).toBe(2);
    });

    it('is swept by one process at a time', async () => {
      await commit(2);
      const other = await open();
      let finish: () => void = () => undefined;
      let began: () => void = () => undefined;
      const underWay = new Promise<void>((resolve) => (began = resolve));
      const first = new PostgresOutboxStore(database).sweep(0, 10, async (rows) => {
        began();
        await new Promise<void>((resolve) => (finish = resolve));
        return all(rows);
      });
      await underWay;
      const second = new PostgresOutboxStore(other);
      expect(await second.sweep(0, 10, all)).toBeNull();
      finish();
      expect(await first).toBe(2);
      expect(await second.sweep(0, 10, all)).toBe(0);
      await other.close();
    });
  });
});

describe('a database that is not there', () => {
  it('is told when it is opened', async () => {
    const missing = new Database({
      url: 'postgres://nobody:nothing@127.0.0.1:1/none',
      poolSize: 2,
      name: 'test',
      entities: [],
      onCommitted: () => undefined,
    });
    await expect(missing.open()).rejects.toThrow();
  });
});
