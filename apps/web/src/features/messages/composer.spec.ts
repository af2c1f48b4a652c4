import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChannelId } from '#contracts';
import { FakeServer } from '../../stores/workspace/server.fixture.js';
import { applyPage, beginPage } from '../../stores/workspace/pages.js';
import { applyBootstrap } from '../../stores/workspace/snapshot.js';
import { emptyState } from '../../stores/workspace/state.js';
import { useWorkspace } from '../../stores/workspace.js';
import MessageComposer from './MessageComposer.vue';

const setUp = () => {
  const server = new FakeServer();
  const workspace = useWorkspace();
  const channelId = server.channelIds[0] as ChannelId;
  const mine = server.send(0, true);
  server.send(0, false);
  const page = server.page(channelId, { kind: 'newest' });
  const state = beginPage(applyBootstrap(emptyState, server.bootstrap()), channelId);
  workspace.state = applyPage(state, channelId, { kind: 'newest' }, page);
  workspace.send = vi.fn<typeof workspace.send>();
  const wrapper = mount(MessageComposer, {
    props: { channelId, label: 'Message #general' },
    attachTo: document.body,
  });
  const area = wrapper.get('textarea');
  const press = (key: string, options = {}) => area.trigger('keydown', { key, ...options });
  return { workspace, channelId, wrapper, area, press, mine };
};

describe('MessageComposer', () => {
  beforeEach(() => setActivePinia(createPinia()));

  it('sends on Enter, trimmed, and is empty and focused again', async () => {
    const { workspace, channelId, wrapper, area, press } = setUp();
    await area.setValue('  hello\nthere ');
    await press('Enter');
    expect(workspace.send).toHaveBeenCalledExactlyOnceWith(channelId, 'hello\nthere');
    expect(area.element.value).toBe('');
    expect(document.activeElement).toBe(area.element);
    expect(wrapper.emitted('sent')).toHaveLength(1);
  });

  it('does not send on Shift+Enter nor while an input method composes', async () => {
    const { workspace, area, press } = setUp();
    await area.setValue('日本');
    await press('Enter', { shiftKey: true });
    await press('Enter', { isComposing: true });
    expect(workspace.send).not.toHaveBeenCalled();
    expect(area.element.value).toBe('日本');
  });

  it('sends neither blanks nor more than fits, and shows how much is too much', async () => {
    const { workspace, area, press, wrapper } = setUp();
    await area.setValue(' \n ');
    await press('Enter');
    await area.setValue('x'.repeat(16_003));
    await press('Enter');
    expect(workspace.send).not.toHaveBeenCalled();
    expect(wrapper.get('[role=status]').text()).toBe('-3');
    expect(wrapper.get('[data-testid=send]').attributes('disabled')).toBeDefined();
  });

  it('edits the last own message on ↑ when empty, and leaves ↑ alone otherwise', async () => {
    const { workspace, area, press, mine } = setUp();
    await area.setValue('x');
    await press('ArrowUp');
    expect(workspace.editing).toBeNull();
    await area.setValue('');
    await press('ArrowUp');
    expect(workspace.editing).toBe(mine?.id);
  });

  it('keeps the draft of each channel', async () => {
    const { workspace, channelId, area, wrapper } = setUp();
    await area.setValue('half a thought');
    wrapper.unmount();
    expect(workspace.drafts[channelId]).toBe('half a thought');
  });
});
