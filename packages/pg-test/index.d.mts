import pgTest from './dist/index.js';

export * from './dist/index.js';
export default pgTest.default;
