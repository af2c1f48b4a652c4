export type Instruction = { keyword: string; args: string };
export type Stage = { name: string; from: string; instructions: Instruction[] };

/** Reads a Dockerfile as far as it is needed to check it: no heredocs, no ONBUILD. */
export const parseDockerfile = (text: string): Stage[] => {
  const stages: Stage[] = [];
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n');
  for (const line of lines) {
    const [, keyword, args = ''] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (keyword === undefined) {
      if (line.trim() !== '') throw new Error(`not an instruction: ${line}`);
    } else if (keyword === 'FROM') {
      const [, from, name] = /^(\S+) AS (\S+)$/.exec(args) ?? [];
      if (from === undefined || name === undefined) throw new Error(`FROM ${args}: name the stage`);
      stages.push({ name, from, instructions: [] });
    } else stages.at(-1)?.instructions.push({ keyword, args });
  }
  return stages;
};

/** A stage with those it is built on, base first. */
export const lineage = (stages: readonly Stage[], name: string): Stage[] => {
  const stage = stages.find((one) => one.name === name);
  return stage ? [...lineage(stages, stage.from), stage] : [];
};

export type Copy = { from: string | null; sources: string[]; target: string };

export const copiesOf = ({ instructions }: Stage): Copy[] =>
  instructions
    .filter(({ keyword }) => keyword === 'COPY')
    .map(({ args }) => {
      const words = args.split(/\s+/);
      const paths = words.filter((word) => !word.startsWith('--'));
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length) ?? null;
      return { from, sources: paths.slice(0, -1), target: paths.at(-1) as string };
    });

/** The last CMD (or HEALTHCHECK …) of a lineage, in exec form. */
export const commandOf = (stages: readonly Stage[], keyword: 'CMD' | 'HEALTHCHECK'): string[] | null => {
  const last = stages
    .flatMap(({ instructions }) => instructions)
    .findLast((instruction) => instruction.keyword === keyword);
  const json = last && /\[.*\]$/.exec(last.args)?.[0];
  return json ? (JSON.parse(json) as string[]) : null;
};
