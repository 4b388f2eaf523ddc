import { createRoot } from 'react-dom/client';
import './fonts/fonts.ts';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/overlays.css';
import './app/frame.css';
import './app/palette.css';
import { App } from './app/app.tsx';
import { provideClient } from './app/client.ts';
import { startSession } from './app/session.ts';
import type { Client } from './app/transport/client.ts';

/** Starts the window over a client: settings first, so that the first picture has its language. */
export async function start(client: Client): Promise<void> {
  provideClient(client);
  const root = document.getElementById('root');
  if (!root) throw new Error('No #root in the page');
  await startSession();
  createRoot(root).render(<App />);
}
