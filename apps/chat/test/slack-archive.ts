import { ZipFile } from 'yazl';
import { fromBufferPromise } from 'yauzl';

export type Files = Record<string, unknown>;
type Json = Record<string, unknown>;

/** A zip archive of JSON files. */
export const zipOf = async (files: Files): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content)), name);
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

/** The JSON files of a zip archive, in the order in which they lie in it. */
export const unzip = async (bytes: Buffer): Promise<Files> => {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  const files: Files = {};
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
    files[entry.fileName] = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  }
  return files;
};

/** A small generator of numbers that are the same each time (mulberry32). */
export const numbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const TEXTS = [
  'good *morning* everyone :sunny:',
  'see <https://example.org/a_b?x=1&amp;y=2|the _page_> &amp; &lt;tag&gt;',
  '<@U0ADA> and <@U0BOB>, look into <#C0GENERAL|general>',
  '<!channel> lunch &gt; work',
  '&gt; quoted\nnot quoted\n• one\n• two',
  '```\nconst a = `b` *not bold*;\n```',
  'Iñtërnâtiônàlizætiøn 日本語 \u202eolleh \u200b 👩‍👩‍👧 \u0000 end',
  '`code` ~gone~ snake_case 2*3*4',
  '',
];

/** A realistic export: everything that the format can say, some of it more than once. */
export const sampleExport = (
  domain: string,
  { messagesPerDay = 12, days = 3, seed = 7 }: { messagesPerDay?: number; days?: number; seed?: number } = {},
): Files => {
  const random = numbers(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const users = [
    person('U0ADA', 'ada', `ada@${domain}`),
    person('U0BOB', 'bob', `bob@${domain}`, { tz: 'Europe/Berlin', updated: 1_500_000_000 }),
    person('U0CAROL', 'carol', `carol@${domain}`),
    { ...person('U0GONE', 'gone', `gone@${domain}`), deleted: true },
    { ...person('U0ROBOT', 'robot', ''), is_bot: true },
    { ...person('U0ODD', '  \u200b ', ''), real_name: '\u202eOdd\u0000 Name', color: '9f69e7' },
  ];
  const everyone = ['U0ADA', 'U0BOB', 'U0CAROL', 'U0GONE', 'U0ODD'];
  const conversation = (id: string, name: string, members: string[], more: Json = {}): Json => ({
    id,
    name,
    created: 1_449_252_889,
    creator: 'U0ADA',
    is_archived: false,
    is_general: name === 'general',
    members,
    topic: { value: `On ${name} & more`, creator: 'U0ADA', last_set: 0 },
    purpose: { value: `For *${name}*`, creator: '', last_set: 0 },
    ...more,
  });
  const day = (offset: number) => `2016-03-${String(10 + offset).padStart(2, '0')}`;
  const folders: [string, string, string[]][] = [
    ['C0GENERAL', 'general', everyone],
    ['C0OLD', 'old.stuff', ['U0ADA', 'U0GONE']],
    ['C0EMPTY', 'empty', ['U0BOB']],
    ['G0SECRET', 'secret', ['U0ADA', 'U0CAROL']],
    ['D0DIRECT', 'D0DIRECT', ['U0ADA', 'U0BOB']],
    ['D0SELF', 'D0SELF', ['U0ADA']],
    ['G0MPIM', 'mpdm-ada--bob--gone-1', ['U0ADA', 'U0BOB', 'U0GONE']],
  ];
  const files: Files = {};
  const pinned: Json[] = [];
  for (const [id, folder, members] of folders) {
    if (id === 'C0EMPTY') continue;
    let root: string | null = null;
    for (let d = 0; d < days; d++) {
      const start = Date.parse(`${day(d)}T08:00:00Z`) / 1000;
      const messages: Json[] = [];
      for (let n = 0; n < messagesPerDay; n++) {
        const ts = `${start + n * 61}.${String(200 + n * 7).padStart(6, '0')}`;
        const message: Json = {
          type: 'message',
          user: pick(members),
          text: pick(TEXTS),
          ts,
          client_msg_id: `${id}-${ts}`,
        };
        if (n === 0) {
          root = ts;
          Object.assign(message, {
            thread_ts: ts,
            reply_count: 2,
            reply_users: members.slice(0, 1),
            subscribed: false,
          });
        } else if (n === 1 || n === 2) {
          Object.assign(message, { thread_ts: root, parent_user_id: members[0] });
          if (n === 2) Object.assign(message, { subtype: 'thread_broadcast', root: { ts: root, text: 'x' } });
        } else if (n === 3) {
          message['reactions'] = [
            { name: 'thumbsup', users: members.slice(0, 2), count: Math.min(2, members.length) },
            { name: '+1::skin-tone-3', users: [members[0]], count: 1 },
            { name: 'party_parrot', users: [members[0]], count: 7 },
          ];
        } else if (n === 4)
          message['edited'] = { user: message['user'], ts: `${start + n * 61 + 30}.000000` };
        else if (n === 5) {
          message['pinned_to'] = [id];
          if (id === 'C0GENERAL')
            pinned.push({ id: ts, type: 'C', created: start + 400, user: 'U0BOB', owner: 'U0ADA' });
        } else if (n === 6)
          message['files'] = [
            {
              id: `F${n}${d}`,
              name: 'plan *v2*.pdf',
              mimetype: 'application/pdf',
              url_private: 'https://x.example/f?t=1',
              size: 9,
            },
          ];
        else if (n === 7)
          Object.assign(message, {
            subtype: 'channel_join',
            text: `<@${members[0]}> has joined the channel`,
          });
        else if (n === 8) {
          delete message['user'];
          Object.assign(message, {
            subtype: 'bot_message',
            bot_id: 'B0DEPLOY',
            username: 'deploy',
            text: '',
            attachments: [{ fallback: 'Deployed', color: 'good', fields: [{ title: 'a', value: 'b' }] }],
          });
        } else if (n === 9) Object.assign(message, { user: 'U0STRANGER', text: 'from another workspace' });
        else if (n === 10)
          Object.assign(message, {
            subtype: 'tombstone',
            user: 'USLACKBOT',
            text: 'This message was deleted.',
            hidden: true,
            thread_ts: ts,
          });
        messages.push(message);
      }
      files[`${folder}/${day(d)}.json`] = messages;
    }
  }
  return {
    'users.json': users,
    'channels.json': [
      conversation('C0GENERAL', 'general', everyone, { pins: pinned }),
      conversation('C0OLD', 'old.stuff', ['U0ADA', 'U0GONE'], { is_archived: true }),
      conversation('C0EMPTY', 'empty', ['U0BOB']),
    ],
    'groups.json': [conversation('G0SECRET', 'secret', ['U0ADA', 'U0CAROL'])],
    'dms.json': [
      { id: 'D0DIRECT', created: 1_449_252_889, members: ['U0ADA', 'U0BOB'] },
      { id: 'D0SELF', created: 1_449_252_889, members: ['U0ADA'] },
    ],
    'mpims.json': [conversation('G0MPIM', 'mpdm-ada--bob--gone-1', ['U0ADA', 'U0BOB', 'U0GONE'])],
    ...files,
  };
};

const person = (id: string, name: string, email: string, more: Json = {}): Json => ({
  id,
  team_id: 'T0TEAM',
  name,
  deleted: false,
  real_name: name,
  profile: {
    title: `Title of ${name}`,
    real_name: name,
    display_name: name,
    ...(email ? { email } : {}),
    image_72: 'x',
  },
  is_admin: name === 'ada',
  is_bot: false,
  ...more,
});

export const messagesOf = (files: Files): Json[] =>
  Object.entries(files).flatMap(([name, content]) => (name.includes('/') ? (content as Json[]) : []));
