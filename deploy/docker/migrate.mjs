/** Brings every schema up to date, one after the other. */
for (const owner of ['chat', 'notify']) {
  await import(`./dist/apps/${owner}/src/migrate.js`);
  if (process.exitCode) break;
}
