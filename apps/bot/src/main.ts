import { startService } from '#platform';
import { bot } from './service.js';

await startService(bot);
