import type { Command } from './command.ts';
import { benchCommand } from './commands/bench.ts';
import { doctorCommand } from './commands/doctor.ts';
import { demoCommand, importCommand } from './commands/import.ts';
import { listCommand, showCommand } from './commands/studies.ts';
import { verifyCommand } from './commands/verify.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  importCommand,
  listCommand,
  showCommand,
  verifyCommand,
  demoCommand,
  doctorCommand,
  benchCommand,
];
