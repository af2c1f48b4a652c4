/** Value below which the given share (0..1) of the samples lies, by nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(0, Math.ceil(share * sorted.length) - 1);
  return sorted[Math.min(rank, sorted.length - 1)] ?? Number.NaN;
}

/** Middle value; of an even number of samples the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Half the range relative to the median: how far one run may be off. */
export function spread(samples: readonly number[]): number {
  if (samples.length === 0) return Number.NaN;
  return (Math.max(...samples) - Math.min(...samples)) / 2 / Math.abs(median(samples) || 1);
}

/**
 * Ratio of two series measured alternately. Round by round first: drift of the machine hits both sides of a pair
 * alike and cancels, which dividing the medians would not give.
 */
export function pairedRatio(product: readonly number[], peer: readonly number[]): number {
  const ratios = product.flatMap((value, round) => {
    const other = peer[round];
    const ratio = value / (other ?? Number.NaN);
    return Number.isFinite(ratio) ? [ratio] : [];
  });
  return median(ratios);
}
