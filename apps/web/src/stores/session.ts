import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Me } from '#contracts';
import { api, problemCodeOf } from '../api.js';

export const useSession = defineStore('session', () => {
  /** `unreachable`: the server gave no answer that would tell. */
  const status = ref<'unknown' | 'in' | 'out' | 'unreachable'>('unknown');
  const me = ref<Me | null>(null);

  const enter = (person: Me) => {
    me.value = person;
    status.value = 'in';
  };

  const leave = () => {
    me.value = null;
    status.value = 'out';
  };

  /** Finds out whether the browser's cookies still carry a session. */
  const restore = async () => {
    try {
      enter(await api.getMe());
    } catch (cause) {
      const code = problemCodeOf(cause);
      if (code?.startsWith('auth.')) leave();
      else status.value = 'unreachable';
    }
  };

  const login = async (input: { email: string; password: string }) =>
    enter((await api.login({ body: { ...input, transport: 'cookie' } })).user);

  const register = async (input: { email: string; name: string; password: string }) =>
    enter((await api.register({ body: { ...input, transport: 'cookie' } })).user);

  const logout = async () => {
    await api.logout();
    leave();
  };

  return { status, me, restore, login, register, logout, leave };
});
