/** A flood in a process of its own, so that it takes nothing of its victim's clients: `node flood.ts PORT`. */
import { flood } from './load.ts';

await flood(Number(process.argv[2]), new AbortController().signal);
