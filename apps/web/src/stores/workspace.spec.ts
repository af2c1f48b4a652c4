import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unreadIn, type ChannelId, type MessageId, type UserId, type WorkspaceId } from '#contracts';
import { FakeInstance } from './fake-instance.fixture.js';
import { useWorkspace } from './workspace.js';
import { pendingOf } from './workspace/pending.js';
import { visibleRows } from './workspace/timeline.js';

const w = 'w' as WorkspaceId;

describe('useWorkspace', () => {
  let instance: FakeInstance;
  let workspace: ReturnType<typeof useWorkspace>;
  let channelId: ChannelId;

  const texts = () => visibleRows(workspace.state.timelines[channelId]).map(({ text }) => text);
  const my = () => workspace.state.channels[channelId];
  const opened = async () => {
    await workspace.open(w);
    await workspace.openChannel(channelId);
    await vi.waitFor(() => expect(workspace.connection).toBe('live'));
  };

  beforeEach(() => {
    localStorage.clear();
    setActivePinia(createPinia());
    instance = new FakeInstance(5);
    channelId = instance.channelId as ChannelId;
    workspace = useWorkspace();
  });
  afterEach(() => workspace.close());

  it('opens with a snapshot and goes on with the stream', async () => {
    instance.server.send(0, false);
    await opened();
    expect(workspace.phase).toBe('ready');
    expect(workspace.isAdmin).toBe(true);
    instance.server.send(0, false);
    instance.publish();
    await vi.waitFor(() => expect(texts()).toEqual(['message 1', 'message 2']));
  });

  it('says why a workspace does not open, and opens at the next attempt', async () => {
    instance.failures.set('/bootstrap', 'workspace.not_found');
    await workspace.open(w);
    expect([workspace.phase, workspace.problem]).toEqual(['failed', 'workspace.not_found']);
    instance.failures.set('/bootstrap', null);
    await workspace.open(w);
    expect([workspace.phase, workspace.problem]).toEqual(['failed', null]);
    instance.failures.clear();
    await workspace.open(w);
    expect(workspace.phase).toBe('ready');
  });

  it('does not open the open workspace again', async () => {
    await opened();
    const before = instance.requests.length;
    await workspace.open(w);
    expect(instance.requests).toHaveLength(before);
  });

  it('shows what is sent at once, and once', async () => {
    await opened();
    workspace.send(channelId, 'hello');
    expect(pendingOf(workspace.state, channelId).map(({ text }) => text)).toEqual(['hello']);
    await vi.waitFor(() => expect(texts()).toEqual(['hello']));
    instance.publish();
    await vi.waitFor(() => expect(pendingOf(workspace.state, channelId)).toEqual([]));
    expect(texts()).toEqual(['hello']);
    expect(unreadIn(my() as NonNullable<ReturnType<typeof my>>)).toBe(0);
  });

  it('keeps a refused message until it is sent again or discarded', async () => {
    await opened();
    instance.failures.set('/messages', 'channel.not_member');
    workspace.send(channelId, 'one');
    await vi.waitFor(() => expect(pendingOf(workspace.state, channelId)[0]?.state).toBe('failed'));
    const [failed] = pendingOf(workspace.state, channelId);
    expect(failed?.code).toBe('channel.not_member');
    instance.failures.clear();
    if (failed) workspace.retry(failed.clientMessageId);
    await vi.waitFor(() => expect(texts()).toEqual(['one']));
    instance.failures.set('/messages', 'channel.not_member');
    workspace.send(channelId, 'two');
    await vi.waitFor(() => expect(pendingOf(workspace.state, channelId)[0]?.state).toBe('failed'));
    const [second] = pendingOf(workspace.state, channelId);
    if (second) workspace.discard(second.clientMessageId);
    expect(pendingOf(workspace.state, channelId)).toEqual([]);
  });

  it('fetches snapshot and loaded history again after events were lost', async () => {
    instance.server.send(0, false);
    await opened();
    instance.server.change(0, 0, false);
    for (let i = 0; i < 7; i++) instance.server.send(0, false);
    instance.lose();
    await vi.waitFor(() => expect(texts()).toHaveLength(8));
    expect(texts()[0]).toBe('message 1!');
    expect(my()?.channel.lastSeq).toBe(8);
  });

  it('saves a read cursor once the connection is back', async () => {
    instance.server.send(0, false);
    await opened();
    instance.failures.set('/read-cursor', null);
    await workspace.markRead(channelId);
    expect(my()?.lastReadSeq).toBe(1);
    instance.failures.clear();
    await workspace.markRead(channelId);
    expect(instance.requests.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
    await workspace.markRead('nowhere' as ChannelId);
    expect(instance.requests.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
  });

  it('edits, deletes, and reaches back to a message', async () => {
    for (let i = 0; i < 12; i++) instance.server.send(0, true);
    await opened();
    expect(texts()).toHaveLength(5);
    const last = visibleRows(workspace.state.timelines[channelId]).at(-1);
    await workspace.edit(last?.id as MessageId, 'better');
    expect(texts().at(-1)).toBe('better');
    await workspace.erase(last?.id as MessageId);
    await workspace.reveal(channelId, 'm' as MessageId, 2);
    expect(texts()).toHaveLength(12);
    expect(workspace.highlighted).toBe('m');
  });

  it('enters channels it creates, joins or opens, and leaves', async () => {
    await opened();
    const heard = vi.fn();
    const stop = workspace.onEvent(heard);
    await workspace.createChannel({ name: 'design', kind: 'public', topic: '', description: '' });
    await workspace.joinChannel(channelId);
    await workspace.openDirect(['u' as UserId]);
    expect(Object.keys(workspace.state.channels)).toHaveLength(4);
    instance.publish();
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(3));
    stop();
    await workspace.leaveChannel(channelId);
    expect(my()).toBeUndefined();
    instance.publish();
    await vi.waitFor(() => expect(workspace.state.seen).toHaveLength(4));
    expect(heard).toHaveBeenCalledTimes(3);
  });

  it('keeps nothing of a closed workspace', async () => {
    await opened();
    workspace.drafts[channelId] = 'half a thought';
    workspace.close();
    expect([workspace.id, workspace.state.me, Object.keys(workspace.drafts)]).toEqual([null, null, []]);
  });
});
