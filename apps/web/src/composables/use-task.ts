import { ref } from 'vue';
import { passwordAdviceOf, problemCodeOf } from '../api.js';
import { explain } from '../ui/explain.js';

/** Runs one thing at a time for a form or a button: `busy` while it runs, `error` in words if it failed. */
export const useTask = () => {
  const busy = ref(false);
  const error = ref('');
  /** How to make a password stronger that was refused for being weak. */
  const passwordAdvice = ref('');

  /** Resolves to whether it succeeded. */
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (busy.value) return false;
    busy.value = true;
    error.value = '';
    passwordAdvice.value = '';
    try {
      await work();
      return true;
    } catch (cause) {
      error.value = explain(problemCodeOf(cause));
      passwordAdvice.value = passwordAdviceOf(cause);
      return false;
    } finally {
      busy.value = false;
    }
  };
  return { busy, error, passwordAdvice, run };
};
