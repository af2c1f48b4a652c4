import type { ClaimedDelivery } from '../notifications/delivery.js';

type Reason = ClaimedDelivery['reason'];

/** The words of mails and of the page behind them, in one language. */
export type MailStrings = {
  language: string;
  /** Subject of a mail about one message. */
  subject: Record<Reason, (sender: string, place: string) => string>;
  /** Subject of a mail about several; `workspace` is null where they are of several. */
  digest: (count: number, workspace: string | null) => string;
  directPlace: string;
  threadIn: (place: string) => string;
  /** In the place of a text that there is not. */
  noText: string;
  more: (count: number) => string;
  open: string;
  why: string;
  unsubscribe: string;
  /** The page: asks, and confirms. */
  stopTitle: string;
  stopQuestion: string;
  stopped: string;
};

const en: MailStrings = {
  language: 'en',
  subject: {
    mention: (sender, place) => `${sender} mentioned you in ${place}`,
    direct: (sender) => `${sender} sent you a message`,
    thread: (sender, place) => `${sender} replied in a thread in ${place}`,
    keyword: (sender, place) => `${sender} wrote one of your keywords in ${place}`,
    channel: (sender, place) => `${sender} wrote in ${place}`,
  },
  digest: (count, workspace) =>
    workspace === null ? `${count} unread messages` : `${count} unread messages in ${workspace}`,
  directPlace: 'Direct message',
  threadIn: (place) => `Thread in ${place}`,
  noText: '(no text)',
  more: (count) => (count === 1 ? 'and 1 more message' : `and ${count} more messages`),
  open: 'Open',
  why: 'You get this mail because you had not read it yet.',
  unsubscribe: 'No more mails about messages',
  stopTitle: 'No more mails about messages?',
  stopQuestion: 'You can turn them on again in your preferences.',
  stopped: 'You will get no more mails about messages.',
};

const de: MailStrings = {
  language: 'de',
  subject: {
    mention: (sender, place) => `${sender} hat dich in ${place} erwähnt`,
    direct: (sender) => `${sender} hat dir geschrieben`,
    thread: (sender, place) => `${sender} hat in einem Thread in ${place} geantwortet`,
    keyword: (sender, place) => `${sender} hat in ${place} eines deiner Stichwörter geschrieben`,
    channel: (sender, place) => `${sender} hat in ${place} geschrieben`,
  },
  digest: (count, workspace) =>
    workspace === null
      ? `${count} ungelesene Nachrichten`
      : `${count} ungelesene Nachrichten in ${workspace}`,
  directPlace: 'Direktnachricht',
  threadIn: (place) => `Thread in ${place}`,
  noText: '(ohne Text)',
  more: (count) => (count === 1 ? 'und 1 weitere Nachricht' : `und ${count} weitere Nachrichten`),
  open: 'Öffnen',
  why: 'Du erhältst diese Mail, weil du das noch nicht gelesen hattest.',
  unsubscribe: 'Keine Mails über Nachrichten mehr',
  stopTitle: 'Keine Mails über Nachrichten mehr?',
  stopQuestion: 'In deinen Einstellungen kannst du sie wieder einschalten.',
  stopped: 'Du erhältst keine Mails über Nachrichten mehr.',
};

const vi: MailStrings = {
  language: 'vi',
  subject: {
    mention: (sender, place) => `${sender} đã nhắc đến bạn trong ${place}`,
    direct: (sender) => `${sender} đã gửi cho bạn một tin nhắn`,
    thread: (sender, place) => `${sender} đã trả lời trong một chuỗi thảo luận ở ${place}`,
    keyword: (sender, place) => `${sender} đã viết một từ khóa của bạn trong ${place}`,
    channel: (sender, place) => `${sender} đã viết trong ${place}`,
  },
  digest: (count, workspace) =>
    workspace === null ? `${count} tin nhắn chưa đọc` : `${count} tin nhắn chưa đọc trong ${workspace}`,
  directPlace: 'Tin nhắn trực tiếp',
  threadIn: (place) => `Chuỗi thảo luận trong ${place}`,
  noText: '(không có văn bản)',
  more: (count) => `và ${count} tin nhắn khác`,
  open: 'Mở',
  why: 'Bạn nhận được thư này vì bạn chưa đọc tin nhắn.',
  unsubscribe: 'Ngừng nhận thư về tin nhắn',
  stopTitle: 'Ngừng nhận thư về tin nhắn?',
  stopQuestion: 'Bạn có thể bật lại trong phần tùy chọn của mình.',
  stopped: 'Bạn sẽ không nhận thư về tin nhắn nữa.',
};

const zh: MailStrings = {
  language: 'zh',
  subject: {
    mention: (sender, place) => `${sender} 在 ${place} 中提到了你`,
    direct: (sender) => `${sender} 给你发了一条消息`,
    thread: (sender, place) => `${sender} 在 ${place} 的消息列中回复了`,
    keyword: (sender, place) => `${sender} 在 ${place} 中写到了你的关键词`,
    channel: (sender, place) => `${sender} 在 ${place} 中发了消息`,
  },
  digest: (count, workspace) =>
    workspace === null ? `${count} 条未读消息` : `${workspace} 中有 ${count} 条未读消息`,
  directPlace: '私信',
  threadIn: (place) => `${place} 中的消息列`,
  noText: '（没有文字）',
  more: (count) => `还有 ${count} 条消息`,
  open: '打开',
  why: '你收到此邮件是因为你还没有阅读这些消息。',
  unsubscribe: '不再接收消息邮件',
  stopTitle: '不再接收消息邮件？',
  stopQuestion: '你可以在偏好设置中重新开启。',
  stopped: '你将不再收到消息邮件。',
};

const ja: MailStrings = {
  language: 'ja',
  subject: {
    mention: (sender, place) => `${sender} さんが ${place} であなたにメンションしました`,
    direct: (sender) => `${sender} さんからメッセージが届きました`,
    thread: (sender, place) => `${sender} さんが ${place} のスレッドに返信しました`,
    keyword: (sender, place) => `${sender} さんが ${place} であなたのキーワードを書きました`,
    channel: (sender, place) => `${sender} さんが ${place} に投稿しました`,
  },
  digest: (count, workspace) =>
    workspace === null ? `未読メッセージ ${count} 件` : `${workspace} の未読メッセージ ${count} 件`,
  directPlace: 'ダイレクトメッセージ',
  threadIn: (place) => `${place} のスレッド`,
  noText: '（テキストなし）',
  more: (count) => `ほか ${count} 件のメッセージ`,
  open: '開く',
  why: 'まだ読まれていないメッセージがあるため、このメールをお送りしています。',
  unsubscribe: 'メッセージのメールを停止する',
  stopTitle: 'メッセージのメールを停止しますか？',
  stopQuestion: '設定からいつでも再開できます。',
  stopped: 'メッセージのメールは今後届きません。',
};

const languages: Record<string, MailStrings> = { en, de, vi, zh, ja };

/** By the language of a locale; English for what we don't speak. */
export const stringsFor = (locale: string | null): MailStrings =>
  languages[/^[A-Za-z]{2,3}/.exec(locale ?? '')?.[0].toLowerCase() ?? ''] ?? en;

/** By what a browser asks for, the first we speak. */
export const stringsAccepted = (header: string | undefined): MailStrings => {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';');
      const weight = rest.find((parameter) => parameter.trim().startsWith('q='));
      return { tag, q: weight ? Number(weight.trim().slice(2)) : 1 };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  const found = wanted.find(({ tag }) => (tag.split('-')[0] ?? '').toLowerCase() in languages);
  return stringsFor(found?.tag ?? null);
};
