import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { onSessionLost } from './api.js';
import App from './App.vue';
import { router } from './router.js';
import { useSession } from './stores/session.js';
import { useWorkspace } from './stores/workspace.js';
import './styles/tokens.css';
import './styles/base.css';

const app = createApp(App).use(createPinia()).use(router);
const session = useSession();
const workspace = useWorkspace();

onSessionLost(() => {
  if (session.status !== 'in') return;
  session.leave();
  workspace.close();
  const { fullPath, meta } = router.currentRoute.value;
  if (meta.access === undefined) void router.replace({ name: 'login', query: { next: fullPath } });
});

app.mount('#app');
