import type { Command } from './command.ts';
import { benchCommand } from './commands/bench.ts';
import { cprCommand } from './commands/cpr.ts';
import { doctorCommand } from './commands/doctor.ts';
import { echoCommand } from './commands/echo.ts';
import { findCommand } from './commands/find.ts';
import { frameCommand } from './commands/frame.ts';
import { demoCommand, importCommand } from './commands/import.ts';
import { phantomCommand } from './commands/phantom.ts';
import { receiveCommand } from './commands/receive.ts';
import { reformatCommand } from './commands/reformat.ts';
import { renderCommand } from './commands/render.ts';
import { getCommand, moveCommand } from './commands/retrieve.ts';
import { segmentCommand } from './commands/segment.ts';
import { commitCommand, sendCommand } from './commands/send.ts';
import { serveCommand } from './commands/serve.ts';
import { sliceCommand } from './commands/slice.ts';
import { backupCommand, rebuildCommand, restoreCommand } from './commands/storage.ts';
import { listCommand, showCommand } from './commands/studies.ts';
import { turntableCommand } from './commands/turntable.ts';
import { verifyCommand } from './commands/verify.ts';
import { vesselCommand } from './commands/vessel.ts';
import { volumeCommand } from './commands/volume.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  importCommand,
  listCommand,
  showCommand,
  frameCommand,
  volumeCommand,
  sliceCommand,
  renderCommand,
  turntableCommand,
  reformatCommand,
  vesselCommand,
  cprCommand,
  segmentCommand,
  receiveCommand,
  echoCommand,
  findCommand,
  getCommand,
  moveCommand,
  sendCommand,
  commitCommand,
  verifyCommand,
  rebuildCommand,
  backupCommand,
  restoreCommand,
  serveCommand,
  demoCommand,
  phantomCommand,
  doctorCommand,
  benchCommand,
];
