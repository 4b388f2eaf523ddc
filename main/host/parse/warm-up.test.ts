import { expect, it } from 'vitest';
import { warmUp } from './warm-up.ts';

it('reads its header in both encodings', () => expect(warmUp()).toBe(48));
