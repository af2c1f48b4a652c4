// Node 24 strips types by itself; only the `.js` in our imports has to be led to its `.ts`.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    if (!/^\.{1,2}\/.*\.js$/.test(specifier)) return next(specifier, context);
    try {
      return next(specifier, context);
    } catch {
      return next(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
});

const { generate, release } = await import('./generate.ts');
process.exitCode = process.argv.includes('--release')
  ? await release()
  : await generate({ check: process.argv.includes('--check') });
