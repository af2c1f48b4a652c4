import { describe, expect } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import type { ChannelId, WorkspaceRole } from '#contracts';
import type { Audience, Subscriber } from '#streams';
import { Admission } from './admission.js';
import { sseFrame, type Change, type Entry } from './entry.js';
import { Filter } from './filter.js';
import type { Memberships, Standing } from './memberships.js';
import type { Route } from './route.js';
import type { Stream } from './stream.js';
import { Router } from './router.js';

/**
 * What happened in chat, in commit order; the feed repeats it later. Channel null is the workspace, where a
 * message is for those of `scope`, and `role` is the user's new one.
 */
type Happened = {
  kind: 'message' | 'join' | 'leave' | 'role';
  workspace: string;
  user: string;
  channel: string | null;
  scope: WideScope;
  role: WorkspaceRole;
};
type WideScope = 'workspace' | 'members' | 'admins';
const ROLES = ['owner', 'admin', 'member', 'guest', 'single_channel_guest', 'bot'] as const;
/** Said once more, apart from the router. */
const belongs: Record<WideScope, readonly WorkspaceRole[]> = {
  workspace: ROLES,
  members: ['owner', 'admin', 'member', 'bot'],
  admins: ['owner', 'admin'],
};

const WORKSPACES = ['w', 'x'];
const USERS = ['ada', 'grace'];
// The same ids in both workspaces: only the workspace tells them apart.
const CHANNELS = ['c1', 'c2'];
const TYPES = {
  message: 'message.created',
  join: 'member.joined',
  leave: 'member.left',
  role: 'member.role_changed',
} as const;
/** What programs ask for; most clients want everything. */
const WISHES: { types?: string; channels?: string }[] = [
  {},
  {},
  { types: 'message.*' },
  { types: 'member.joined,member.left' },
  { channels: 'c1' },
  { types: 'message.created', channels: 'c2' },
];

class Listener implements Stream, Subscriber {
  readonly sessionId = 's';
  readonly filter: Filter | null;
  burst: Audience | Audience[] | null = null;
  live = false;
  readonly outlet = {
    enter: ({ subscribers }: Audience) => void subscribers.add(this),
    leave: ({ subscribers }: Audience) => void subscribers.delete(this),
  };
  heard: number[] = [];
  endedAt = Infinity;
  hungUp = false;
  constructor(
    private readonly world: World,
    readonly route: Route,
    readonly attachedAt: number,
    /** How much of the log chat's answer knew. */
    readonly known: number,
    readonly wishes: { types?: string; channels?: string },
  ) {
    this.filter = Filter.of(wishes);
  }
  send(bytes: Buffer): void {
    if (this.endedAt < Infinity) throw new Error('written after its end');
    this.heard.push(...[...bytes.toString().matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq)));
  }
  end(): void {
    this.endedAt = this.world.fed;
    this.world.router.detach(this.route, this);
  }
}

class World {
  readonly router = new Router();
  readonly log: Happened[] = [];
  fed = 0;
  readonly listeners: Listener[] = [];
  refused = 0;
  private readonly known = new Map<Route, number>();
  private readonly questions: { read: () => void; answer: () => void }[] = [];
  private readonly admission = new Admission(
    this.router,
    { of: (workspace: string, user: string) => this.ask(workspace, user) } as Memberships,
    { max: 1000, maxPerUser: 1000, maxPerWorkspace: 1000 },
  );

  /** Whether the user is in the channel (or workspace) once `upTo` events of the log have happened. */
  member(workspace: string, user: string, channel: string | null, upTo: number): boolean {
    let inWorkspace = true;
    let inChannel = false;
    for (const event of this.log.slice(0, upTo)) {
      if (
        event.kind === 'message' ||
        event.kind === 'role' ||
        event.workspace !== workspace ||
        event.user !== user
      )
        continue;
      if (event.channel === null) inWorkspace = event.kind === 'join';
      else if (event.channel === channel) inChannel = event.kind === 'join';
      if (!inWorkspace) inChannel = false;
    }
    return channel === null ? inWorkspace : inChannel;
  }

  /** The user's role once `upTo` events have happened; null outside. Whoever joins begins as a member. */
  role(workspace: string, user: string, upTo: number): WorkspaceRole | null {
    let role: WorkspaceRole | null = 'member';
    for (const event of this.log.slice(0, upTo)) {
      if (event.workspace !== workspace || event.user !== user || event.channel !== null) continue;
      if (event.kind === 'leave') role = null;
      else if (event.kind === 'join') role = 'member';
      else if (event.kind === 'role') role = event.role;
    }
    return role;
  }

  /** Chat refuses what makes no sense. */
  happen(event: Happened): void {
    const { kind, workspace, user, channel } = event;
    const now = this.log.length;
    const inside = this.member(workspace, user, null, now);
    if (kind === 'role') {
      if (channel === null && inside && event.role !== this.role(workspace, user, now)) this.log.push(event);
      return;
    }
    if (channel !== null && !inside) return;
    if (this.member(workspace, user, channel, now) !== (kind !== 'join')) return;
    this.log.push(event);
  }

  feed(): void {
    const event = this.log[this.fed];
    if (!event) return;
    const index = this.fed++;
    const { kind, workspace, user, channel, role } = event;
    const change: Change | null =
      kind === 'message'
        ? null
        : kind === 'role'
          ? { kind, channelId: null, userIds: [user], role }
          : { kind, channelId: channel, userIds: [user] };
    const entry: Entry = {
      seq: index,
      workspace,
      scope: channel !== null ? 'channel' : kind === 'message' ? event.scope : 'workspace',
      id: channel ?? workspace,
      type: TYPES[kind],
      frame: sseFrame(String(index), TYPES[kind], Buffer.from(JSON.stringify({ channelId: channel }))),
      change,
      revokedSession: null,
    };
    this.router.accept(entry);
  }

  connect(workspace: string, user: string, wishes: Listener['wishes']): void {
    this.admission.reserve(workspace, user);
    this.admission.join(workspace, user).then(
      (route) => {
        const listener = new Listener(this, route, this.fed, this.known.get(route) ?? 0, wishes);
        route.streams.add(listener);
        route.waiting--;
        this.router.attach(route, listener);
        this.listeners.push(listener);
      },
      () => this.refused++,
    );
  }

  /** Chat reads its tables, or its answer arrives. */
  progress(step: 'read' | 'answer'): void {
    if (step === 'read') for (const question of this.questions) question.read();
    else this.questions.shift()?.answer();
  }

  disconnect(which: number): void {
    const open = this.listeners.filter((listener) => listener.endedAt === Infinity);
    const listener = open[which % open.length];
    if (!listener) return;
    listener.hungUp = true;
    listener.end();
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      this.progress('answer');
      await new Promise((resolve) => setImmediate(resolve));
    }
    while (this.fed < this.log.length) this.feed();
    await new Promise((resolve) => setImmediate(resolve));
  }

  private ask(workspace: string, user: string): Promise<Standing> {
    let standing: Standing | undefined;
    return new Promise((resolve) => {
      const read = () => {
        if (standing !== undefined) return;
        const now = this.log.length;
        const role = this.role(workspace, user, now);
        const channels = CHANNELS.filter((channel) => this.member(workspace, user, channel, now));
        standing = role && { role, channelIds: channels as ChannelId[] };
        this.known.set(this.router.route(workspace, user), now);
      };
      const answer = () => {
        read();
        resolve(standing as Standing);
      };
      this.questions.push({ read, answer });
    });
  }
}

const who = { workspace: fc.constantFrom('w', 'w', 'w', 'x'), user: fc.constantFrom(...USERS) };
const of = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const steps = fc.array(
  fc.oneof(
    of(2, fc.record({ ...who, do: fc.constant('connect' as const), wishes: fc.constantFrom(...WISHES) })),
    of(1, fc.record({ do: fc.constant('disconnect' as const), which: fc.nat(20) })),
    of(4, fc.record({ do: fc.constantFrom('read' as const, 'answer' as const) })),
    of(8, fc.record({ do: fc.constantFrom('feed' as const, 'feed' as const, 'turn' as const) })),
    of(
      9,
      fc.record({
        do: fc.constant('happen' as const),
        ...who,
        kind: fc.constantFrom('message' as const, 'join' as const, 'leave' as const, 'role' as const),
        channel: fc.constantFrom('c1', 'c1', 'c1', 'c2', null, null),
        scope: fc.constantFrom('workspace' as const, 'members' as const, 'admins' as const),
        role: fc.constantFrom(...ROLES),
      }),
    ),
  ),
  { minLength: 40, maxLength: 150, size: 'max' },
);

/** Where the feed ends the user's streams: at leaving the workspace, and at another role in it. */
const endAt = (world: World, { route, attachedAt }: Listener) =>
  world.log.findIndex(
    ({ kind, workspace, user, channel }, index) =>
      index >= attachedAt &&
      (kind === 'leave' || kind === 'role') &&
      channel === null &&
      workspace === route.workspace.id &&
      user === route.userId,
  );

/** Said once more, apart from the filter. */
const wanted = ({ wishes: { types, channels } }: Listener, { kind, channel }: Happened): boolean => {
  if (channels !== undefined && channels !== channel) return false;
  if (types === undefined) return true;
  if (types === 'member.joined,member.left') return kind === 'join' || kind === 'leave';
  return kind === 'message';
};

/** Between what chat's answer knew and what the feed has told, both states are right. */
const verdict = (world: World, listener: Listener, index: number): 'must' | 'may' | 'never' => {
  const { route, known } = listener;
  if (!wanted(listener, world.log[index] as Happened)) return 'never';
  const { workspace, channel, user, kind, scope } = world.log[index] as Happened;
  if (workspace !== route.workspace.id) return 'never';
  if (channel === null && (kind !== 'message' || scope === 'workspace')) return 'must';
  if (kind === 'leave' && user === route.userId) return 'must';
  const states = [];
  for (let upTo = index + 1; upTo <= Math.max(known, index + 1); upTo++)
    states.push(
      channel === null
        ? belongs[scope].includes(world.role(workspace, route.userId, upTo) as WorkspaceRole)
        : world.member(workspace, route.userId, channel, upTo),
    );
  return states.every(Boolean) ? 'must' : states.some(Boolean) ? 'may' : 'never';
};

describe('Router', () => {
  test.prop([steps], { numRuns: 500 })(
    'lets each stream hear exactly what its user may, whatever happens while it joins',
    async (plan) => {
      const world = new World();
      // Chat starts with everyone in the first channel.
      for (const workspace of WORKSPACES)
        for (const user of USERS)
          world.happen({ kind: 'join', workspace, user, channel: 'c1', scope: 'workspace', role: 'member' });
      for (const step of plan) {
        if (step.do === 'connect') world.connect(step.workspace, step.user, step.wishes);
        else if (step.do === 'disconnect') world.disconnect(step.which);
        else if (step.do === 'happen') world.happen(step);
        else if (step.do === 'feed') world.feed();
        else if (step.do === 'turn') await new Promise((resolve) => setImmediate(resolve));
        else world.progress(step.do);
        // Promises settle before the next message is read from a socket.
        for (let i = 0; i < 10; i++) await Promise.resolve();
      }
      await world.settle();
      for (const listener of world.listeners) {
        const gone = endAt(world, listener);
        if (gone >= 0) expect(listener.endedAt).toBeLessThanOrEqual(gone + 1);
        expect(listener.heard).toEqual([...new Set(listener.heard)].sort((a, b) => a - b));
        const end = Math.min(listener.endedAt, world.fed);
        for (let index = 0; index < world.log.length; index++) {
          const heard = listener.heard.includes(index);
          const inTime = index >= listener.attachedAt && index < end;
          const expected = inTime ? verdict(world, listener, index) : 'never';
          // A client that hangs up may lose the burst that was about to be written to it.
          if (expected === 'must' && !listener.hungUp) expect(heard).toBe(true);
          if (expected === 'never') expect(heard).toBe(false);
        }
        listener.end();
      }
      expect([...world.router.routes()]).toHaveLength(0);
    },
  );
});
