import type { Command } from './command.js';
import { ping } from './ping.command.js';

/** All commands. A new one is a file and a line here. */
const commands: readonly Command[] = [ping];

const byName = new Map(commands.map((command) => [command.name, command]));

export const findCommand = (name: string): Command | null => byName.get(name) ?? null;
