/* What `import` of `@databases/pg/config` gets: the same objects as `require`. */
export * from './config-api.js';
