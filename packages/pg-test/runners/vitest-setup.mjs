// One of Vitest's `setupFiles`. Vitest can only be imported by what it runs, so this is no part of dist.
import {beforeEach} from 'vitest';
import prepareWorker from '../dist/vitest/worker.js';

await prepareWorker(beforeEach);
