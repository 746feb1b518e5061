import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.vitest.test.mjs'],
    globalSetup: ['@databases/pg-test/vitest/globalSetup'],
    setupFiles: ['@databases/pg-test/vitest/setup'],
  },
});
