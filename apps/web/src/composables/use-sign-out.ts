import { useRouter } from 'vue-router';
import { useSession } from '../stores/session.js';
import { useWorkspace } from '../stores/workspace.js';

export const useSignOut = () => {
  const session = useSession();
  const workspace = useWorkspace();
  const router = useRouter();

  return async (): Promise<void> => {
    await session.logout();
    workspace.close();
    await router.replace({ name: 'login' });
  };
};
