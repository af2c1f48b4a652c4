/** Makes the npm package `@parley/client` in libs/client/dist: `npm run build:client`. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { format } from 'prettier';
import { rolldown } from 'rolldown';
import ts from 'typescript';
import { contractTypes } from './contract-types.ts';

const client = join(import.meta.dirname, '..');
const root = join(client, '../..');
const source = join(client, 'src');
const contracts = join(root, 'libs/contracts/src/index.ts');
const out = join(client, 'dist');
const entries = { index: join(source, 'index.ts'), 'node/index': join(source, 'node/index.ts') };

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
};
const parsed = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

const bundle = async (): Promise<void> => {
  const build = await rolldown({
    input: entries,
    external: [/^node:/, 'openapi-fetch'],
    resolve: { alias: { '#contracts': contracts } },
    // The client works with pure rules of the contracts, and with none of their schemas.
    treeshake: { moduleSideEffects: false },
  });
  await build.write({ dir: out, format: 'esm', sourcemap: true, chunkFileNames: 'chunks/[name].js' });
  await build.close();
};

const compilerOptions = (): ts.CompilerOptions => {
  const { options } = ts.parseJsonConfigFileContent(parsed(join(root, 'tsconfig.base.json')), ts.sys, root);
  return { ...options, types: ['node'], noEmit: false, declaration: true, emitDeclarationOnly: true };
};

/** The declarations of every source file of the client, by path in the package. */
const emitted = (program: ts.Program): Map<string, string> => {
  const texts = new Map<string, string>();
  for (const file of program.getSourceFiles()) {
    if (!file.fileName.startsWith(`${source}/`)) continue;
    const path = relative(source, file.fileName).replace(/\.ts$/, '.d.ts');
    const toContracts = relative(dirname(path), 'contracts.js').replace(/^(?!\.)/, './');
    const keep = (_name: string, text: string) =>
      texts.set(path, text.replace(/(["'])#contracts\1/g, `'${toContracts}'`));
    program.emit(file, keep, undefined, true);
  }
  return texts;
};

/** Writes what the entries lead to: how things are done inside is nobody's business. */
const declare = async (): Promise<void> => {
  const program = ts.createProgram([...Object.values(entries), contracts], compilerOptions());
  const entry = program.getSourceFile(contracts) as ts.SourceFile;
  const texts = emitted(program);
  texts.set('contracts.d.ts', await format(contractTypes(program, entry), { parser: 'typescript' }));
  const reached = new Set(Object.keys(entries).map((name) => `${name}.d.ts`));
  for (const path of reached) {
    const text = texts.get(path);
    if (text === undefined) throw new Error(`${path} is imported, but not made`);
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (!fileName.startsWith('.')) throw new Error(`${path} needs ${fileName}`);
      reached.add(join(dirname(path), fileName.replace(/\.js$/, '.d.ts')));
    }
    write(path, text);
  }
};

const describePackage = (): void => {
  const { version } = parsed(join(root, 'package.json'));
  const dependencies = parsed(join(root, 'package.json'))['dependencies'] as Record<string, string>;
  const manifest = parsed(join(client, 'npm/package.json'));
  const wanted = Object.keys(manifest['dependencies'] as object);
  const ranges = Object.fromEntries(wanted.map((name) => [name, dependencies[name]]));
  write('package.json', `${JSON.stringify({ ...manifest, version, dependencies: ranges }, null, 2)}\n`);
  cpSync(join(client, 'npm/README.md'), join(out, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
};

rmSync(out, { recursive: true, force: true });
await bundle();
await declare();
describePackage();
console.log(`built ${relative(root, out)}: npm publish ${relative(root, out)}`);
