const POOL_BYTES = 8192;
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

let pool = new Uint8Array(0);
let used = 0;
let lastMs = 0;
let counter = 0;

const random = (): number => {
  if (used >= pool.length) {
    pool = crypto.getRandomValues(new Uint8Array(POOL_BYTES));
    used = 0;
  }
  return pool[used++] as number;
};

/**
 * A UUIDv7 (RFC 9562 §5.7). Within one process ids are strictly increasing: `rand_a` is a counter that
 * starts at a random value each millisecond and borrows from the clock when it overflows (§6.2, method 1).
 */
export const uuidv7 = (now: number = Date.now()): string => {
  if (now > lastMs) {
    lastMs = now;
    counter = ((random() << 8) | random()) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const a = 0x7000 | counter;
  let tail = hex[(random() & 0x3f) | 0x80] + (hex[random()] as string) + '-';
  for (let i = 0; i < 6; i++) tail += hex[random()];
  return `${time.slice(0, 8)}-${time.slice(8)}-${a.toString(16)}-${tail}`;
};
