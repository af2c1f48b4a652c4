/** Runs every case once per round, each round starting with another one, so that order and drift favour nobody. */
export async function alternate<T>(
  rounds: number,
  cases: readonly T[],
  run: (one: T, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const start = round % cases.length;
    for (const one of [...cases.slice(start), ...cases.slice(0, start)]) await run(one, round);
  }
}
