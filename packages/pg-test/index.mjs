// The same module for `import`: without this, `import getDatabase from` would get the namespace.
import pgTest from './dist/index.js';

export const {startServer, startCluster, cloneDatabase, transactionPerTest, PgTestError} = pgTest;
export default pgTest.default;
