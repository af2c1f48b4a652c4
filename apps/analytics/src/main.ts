import { startService } from '#platform';
import { analytics } from './service.js';

await startService(analytics);
