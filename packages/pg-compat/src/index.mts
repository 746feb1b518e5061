/* What `import` gets: the same objects as `require`, by name and as the default. */
import pg from './index.js';

export * from './index.js';
export default pg.default;
