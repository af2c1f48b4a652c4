import { onScopeDispose, ref } from 'vue';

const looking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** Whether the person is looking at this window. */
export const useAttention = () => {
  const attentive = ref(looking());
  const update = () => (attentive.value = looking());
  const stop = new AbortController();
  for (const type of ['focus', 'blur']) addEventListener(type, update, { signal: stop.signal });
  document.addEventListener('visibilitychange', update, { signal: stop.signal });
  onScopeDispose(() => stop.abort());
  return attentive;
};
