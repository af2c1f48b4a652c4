import { describe, expect, it } from '@jest/globals';
import { check, summary } from './faults/checker.ts';
import { PLANTS, type Plant } from './faults/plants.ts';
import { runTrial } from './faults/trial.ts';

/** As `npm run test:faults` prints it. */
const violationsOf = (history: Parameters<typeof check>[0]): string[] =>
  check(history).map(({ rule, what }) => `${rule}: ${what}`);

describe('whatever breaks, nothing is lost, doubled, misordered or overheard', () => {
  it.each([1])(
    'with seed %i (npm run test:faults -- --minutes 0.35 --seed <it>)',
    async (seed) => {
      const history = await runTrial({ seed, durationMs: 21_000 });
      process.stderr.write(`faults with seed ${seed}: ${summary(history)}\n`);
      expect(history.faults.length).toBeGreaterThan(2);
      expect({ seed, violations: violationsOf(history) }).toEqual({ seed, violations: [] });
    },
    400_000,
  );
});

describe('the checker', () => {
  it('sees a lost outbox row, a reordered batch and a wrong membership in a running Parley', async () => {
    const plant: Plant = async (stage) => {
      for (const name of ['drop', 'reorder', 'leak'] as const) await PLANTS[name](stage);
    };
    const violations = violationsOf(await runTrial({ seed: 1, durationMs: 0, plant }));
    for (const expected of [
      /seq 2 in vault\) was never announced: its event is lost/,
      /^announcements ascend: message\.created seq 7 in vault .* came after message\.created seq 8 in vault/,
      /^nobody else heard it: Mal's desk heard message\.created seq 9 in vault .* was not for Mal$/,
    ])
      expect(violations).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  }, 300_000);
});
