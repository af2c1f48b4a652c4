import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aChannel,
  aMessage,
  aMessageCreated,
  anEvent,
  aUser,
  newId,
  openStream,
  StreamRefused,
} from '#testing';
import { listen, RunningNotify, World } from './running-notify.js';

describe('an event stream', () => {
  let world: World;
  let notify: RunningNotify;

  beforeAll(async () => {
    world = await World.start();
    notify = await RunningNotify.start(world);
  });
  afterAll(async () => {
    await notify?.stop();
    await world?.stop();
  });

  const say = async (workspaceId: string, channelId: string, text: string) => {
    const message = aMessage({ workspaceId, channelId, text } as never);
    const event = aMessageCreated(message);
    await world.publish(event, { scope: 'channel', id: channelId });
    return event;
  };
  const message = (text: string) => (frame: { data: string }) => frame.data.includes(`"text":"${text}"`);

  it('starts with its cursor and delivers what is said to members, as it was published', async () => {
    const workspaceId = newId.workspace();
    const channelId = newId.channel();
    const ada = await world.member(workspaceId, channelId);
    const stream = await listen(notify, ada);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.headers.get('cache-control')).toBe('no-store');
    expect(stream.cursor).toMatch(/^[0-9a-z]+-\d+$/);
    const event = await say(workspaceId, channelId, 'hello');
    const frame = await stream.next();
    expect(frame.event).toBe('message.created');
    expect(JSON.parse(frame.data)).toEqual(event);
    await stream.close();
  });
});
void [aChannel, anEvent, aUser, openStream, StreamRefused];
