import { setTimeout as delay } from 'node:timers/promises';
import type { Job, JobErrorPage } from '#contracts';
import type { Person, Reply, RunningChat } from './running-chat.js';

/** Uploads a file that becomes a job. */
export const upload = async (
  chat: RunningChat,
  person: Person,
  path: string,
  payload: Buffer | string,
  type = 'application/zip',
): Promise<Reply<Job>> => {
  const reply = await chat.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${person.token}`, 'content-type': type },
    payload,
  });
  return { status: reply.statusCode, body: reply.json(), headers: reply.headers };
};

/** Waits for the end of a job. */
export const ended = async (chat: RunningChat, person: Person, id: string): Promise<Job> => {
  for (;;) {
    const { body } = await chat.call<Job>(`GET /jobs/${id}`, { token: person.token });
    if (body.state !== 'queued' && body.state !== 'running') return body;
    await delay(100);
  }
};

export const errorsOf = async (chat: RunningChat, person: Person, id: string) =>
  (await chat.call<JobErrorPage>(`GET /jobs/${id}/errors?limit=200`, { token: person.token })).body.data;
