import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import LoginView from './features/auth/LoginView.vue';
import RegisterView from './features/auth/RegisterView.vue';
import { nextPath } from './router-paths.js';
import { useSession } from './stores/session.js';

declare module 'vue-router' {
  interface RouteMeta {
    /** Open to everyone, or to signed-out people only. Absent: a session is needed. */
    access?: 'anyone' | 'guests';
  }
}

const WorkspaceView = () => import('./features/shell/WorkspaceView.vue');

const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: LoginView, meta: { access: 'guests' } },
  { path: '/register', name: 'register', component: RegisterView, meta: { access: 'guests' } },
  {
    path: '/invite/:token',
    name: 'invite',
    component: () => import('./features/workspaces/InviteView.vue'),
    meta: { access: 'anyone' },
    props: true,
  },
  { path: '/', name: 'home', component: () => import('./features/workspaces/HomeView.vue') },
  { path: '/w/:workspaceId', name: 'workspace', component: WorkspaceView, props: true },
  { path: '/w/:workspaceId/c/:channelId', name: 'channel', component: WorkspaceView, props: true },
  {
    path: '/:rest(.*)*',
    name: 'lost',
    component: () => import('./features/shell/LostView.vue'),
    meta: { access: 'anyone' },
  },
];

export const router = createRouter({ history: createWebHistory(), routes });

router.beforeEach(async (to) => {
  const session = useSession();
  if (session.status === 'unknown') await session.restore();
  const { access } = to.meta;
  if (session.status === 'out' && access === undefined)
    return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  if (session.status === 'in' && access === 'guests') return nextPath(to.query['next']);
  return true;
});
