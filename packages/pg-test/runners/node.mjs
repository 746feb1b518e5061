// For `node --import @databases/pg-test/node`. A module of ECMAScript, because those are waited for.
import prepare from '../dist/node/prepare.js';

await prepare();
