/** Health check of a container: exit 0 while the service answers. */
const url = `http://127.0.0.1:${process.env.PORT}/health/live`;

try {
  const reply = await fetch(url, { signal: AbortSignal.timeout(4000) });
  process.exitCode = reply.ok ? 0 : 1;
} catch (error) {
  console.error(`${url}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
