import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { ChannelId, WorkspaceId } from '#contracts';
import { FakeInstance } from '../../stores/fake-instance.fixture.js';
import { useWorkspace } from '../../stores/workspace.js';
import MessageList from './MessageList.vue';

describe('MessageList', () => {
  let instance: FakeInstance;
  let workspace: ReturnType<typeof useWorkspace>;
  let wrapper: VueWrapper;
  let channelId: ChannelId;

  const show = async () => {
    await workspace.open('w' as WorkspaceId);
    wrapper = mount(MessageList, { props: { channelId, place: '#general' }, attachTo: document.body });
    await vi.waitFor(() => expect(wrapper.get('[role=log]').attributes('aria-busy')).toBe('false'));
    await vi.waitFor(() => expect(workspace.connection).toBe('live'));
  };
  const hear = async (count: number) => {
    instance.publish();
    await vi.waitFor(() => expect(wrapper.findAll('[data-testid=message]')).toHaveLength(count));
  };
  const cursorMoves = () => instance.requests.filter((line) => line.startsWith('PUT')).length;

  beforeEach(() => {
    localStorage.clear();
    setActivePinia(createPinia());
    instance = new FakeInstance();
    channelId = instance.channelId as ChannelId;
    workspace = useWorkspace();
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  });
  afterEach(() => {
    wrapper.unmount();
    workspace.close();
    vi.restoreAllMocks();
  });

  it('invites to write where nobody has', async () => {
    await show();
    expect(wrapper.text()).toContain('This is the start of #general');
    expect(cursorMoves()).toBe(0);
  });

  it('shows edited and deleted messages as such, and no text of deleted ones', async () => {
    instance.server.send(0, true);
    instance.server.send(0, true);
    instance.server.change(0, 0, false);
    instance.server.change(0, 1, true);
    await show();
    const rows = wrapper.findAll('[data-testid=message]');
    expect(rows.map((row) => row.attributes('data-state'))).toEqual(['edited', 'deleted']);
    expect(rows[1]?.text()).not.toContain('message 2');
    expect(rows[1]?.find('button').exists()).toBe(false);
  });

  it('draws the new line above what is unread and moves the cursor when it was seen', async () => {
    instance.server.send(0, true);
    instance.server.send(0, false);
    await show();
    expect(wrapper.findAll('[data-new-line]')).toHaveLength(1);
    await vi.waitFor(() => expect(cursorMoves()).toBe(1));
    expect(workspace.state.channels[channelId]?.lastReadSeq).toBe(2);
    expect(wrapper.findAll('[data-new-line]')).toHaveLength(1);
  });

  it('reads nothing while the window is not looked at', async () => {
    await show();
    vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    dispatchEvent(new Event('blur'));
    instance.server.send(0, false);
    await hear(1);
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(cursorMoves()).toBe(0);
    expect(wrapper.findAll('[data-new-line]')).toHaveLength(1);
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    dispatchEvent(new Event('focus'));
    await vi.waitFor(() => expect(cursorMoves()).toBe(1));
  });

  it('keeps the element of a message from sending to sent', async () => {
    await show();
    workspace.send(channelId, 'hello');
    await nextTick();
    expect(wrapper.get('[data-testid=message]').attributes('data-state')).toBe('sending');
    await vi.waitFor(() =>
      expect(wrapper.get('[data-testid=message]').attributes('data-state')).toBe('sent'),
    );
    await hear(1);
  });

  it('offers to try again when a message was refused', async () => {
    await show();
    instance.failures.set('/messages', 'channel.archived');
    workspace.send(channelId, 'too late');
    await vi.waitFor(() => expect(wrapper.find('[data-state=failed]').exists()).toBe(true));
    expect(wrapper.get('[role=alert]').text()).toContain('archived');
    instance.failures.clear();
    await wrapper.get('[data-testid=retry]').trigger('click');
    await vi.waitFor(() => expect(wrapper.find('[data-state=sent]').exists()).toBe(true));
  });

  it('says so when history can’t be loaded, and loads it on request', async () => {
    instance.server.send(0, false);
    instance.failures.set('limit=50', 'unavailable');
    await workspace.open('w' as WorkspaceId);
    wrapper = mount(MessageList, { props: { channelId, place: '#general' }, attachTo: document.body });
    await vi.waitFor(() => expect(wrapper.text()).toContain('could not be loaded'));
    instance.failures.clear();
    await wrapper.get('button').trigger('click');
    await vi.waitFor(() => expect(wrapper.findAll('[data-testid=message]')).toHaveLength(1));
  });
});
