import { createClient } from './app/transport/client.ts';
import { start } from './start.tsx';

void start(createClient());
