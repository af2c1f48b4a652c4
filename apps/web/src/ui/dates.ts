const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const dated = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });

export const clockTime = (iso: string): string => clock.format(new Date(iso));
export const fullTime = (iso: string): string => full.format(new Date(iso));

/** Without "AM" or "PM", for narrow margins. */
export const bareTime = (iso: string): string =>
  clock
    .formatToParts(new Date(iso))
    .filter(({ type }) => type === 'hour' || type === 'minute' || type === 'literal')
    .map(({ value }) => value)
    .join('')
    .trim();

const midnight = (date: Date): number => new Date(date).setHours(0, 0, 0, 0);

/** "Today", "Yesterday", "Monday, 4 May", and with the year once it is another one. */
export const dayLabel = (iso: string, now = new Date()): string => {
  const date = new Date(iso);
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return (date.getFullYear() === now.getFullYear() ? weekday : dated).format(date);
};

export const shortTime = (iso: string, now = new Date()): string => {
  const label = dayLabel(iso, now);
  return label === 'Today' ? clockTime(iso) : label;
};
