/**
 * Estimates passwords on a thread of its own: hostile ones keep it busy for hundreds of milliseconds, and
 * its dictionaries take 70 MB that are given back when the thread ends.
 */
import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

const estimator = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
  translations: english.translations,
});

parentPort?.on(
  'message',
  ({ id, password, personal }: { id: number; password: string; personal: string[] }) => {
    const { score, feedback } = estimator.check(password, personal);
    const advice = [feedback.warning, ...feedback.suggestions].filter(Boolean).join(' ');
    parentPort?.postMessage({ id, score, advice });
  },
);
