/** A demo workspace with two people in it, made through the public API. Repeating it changes nothing. */
import { createHash } from 'node:crypto';

export const DEMO = { email: 'ada@demo.parley', password: 'parley-demo-1' };

const PEOPLE = {
  ada: { email: DEMO.email, name: 'Ada Lovelace', password: DEMO.password },
  grace: { email: 'grace@demo.parley', name: 'Grace Hopper', password: DEMO.password },
};

const MESSAGES = [
  ['general', 'ada', 'Welcome to Parley! This is your own server: nothing you write here leaves it.'],
  [
    'general',
    'grace',
    'Hi Ada. I have opened a second window beside yours, and messages arrive in it at once.',
  ],
  ['general', 'ada', 'Try it: log in as grace@demo.parley in a private window and say hello.'],
  ['general', 'grace', 'And type /ping to see whether the bot is awake.'],
  ['random', 'grace', 'A ship in port is safe, but that is not what ships are built for.'],
  ['random', 'ada', 'That brain of mine is something more than merely mortal, as time will show.'],
];

/** The same message has the same id each time, so that sending it again is no second message. */
function idOf(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A caller of the API with one person's token. */
function clientFor(url, token) {
  return async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (response.ok) return text ? JSON.parse(text) : null;
    throw Object.assign(new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`), {
      status: response.status,
    });
  };
}

async function signIn(url, person) {
  const anyone = clientFor(url);
  const login = () =>
    anyone('POST', '/auth/login', { email: person.email, password: person.password, transport: 'token' });
  const result = await login().catch((error) => {
    if (error.status !== 401) throw error;
    return anyone('POST', '/auth/register', { ...person, transport: 'token' });
  });
  return clientFor(url, result.accessToken);
}

/** @param {string} url the gateway's */
export async function seed(url) {
  const ada = await signIn(url, PEOPLE.ada);
  const grace = await signIn(url, PEOPLE.grace);
  const named = (list, name) => list.data.find((one) => one.name === name);
  const workspace =
    named(await ada('GET', '/workspaces'), 'Demo') ?? (await ada('POST', '/workspaces', { name: 'Demo' }));
  if (!named(await grace('GET', '/workspaces'), 'Demo')) {
    const { token } = await ada('POST', `/workspaces/${workspace.id}/invites`, {
      expiresInHours: 1,
      maxUses: 1,
    });
    await grace('POST', `/invites/${token}/accept`);
  }
  const listed = await ada('GET', `/workspaces/${workspace.id}/channels`);
  const callers = { ada, grace };
  for (const name of ['general', 'random']) {
    const existing = listed.data.find(({ channel }) => channel.name === name);
    const { channel } =
      existing ?? (await ada('POST', `/workspaces/${workspace.id}/channels`, { name, kind: 'public' }));
    await grace('POST', `/channels/${channel.id}/join`);
    for (const [, who, text] of MESSAGES.filter(([where]) => where === name)) {
      await callers[who]('POST', `/channels/${channel.id}/messages`, { clientMessageId: idOf(text), text });
    }
  }
}
