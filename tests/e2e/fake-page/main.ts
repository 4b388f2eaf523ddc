/** The window over a made-up host: for screenshots and for lists longer than any real folder. */
import { createClientOver } from '../../../renderer/app/transport/client.ts';
import { start } from '../../../renderer/start.tsx';
import { createFakeLink } from './fake-link.ts';

const wish = new URLSearchParams(location.search);
void start(
  createClientOver(
    createFakeLink({
      studies: Number(wish.get('studies') ?? 400),
      language: wish.get('language') === 'en' ? 'en' : 'zh-CN',
      theme: wish.get('theme') === 'light' ? 'light' : 'dark',
    }),
  ),
);
