import { expect, it } from 'vitest';
import { problem } from '../base/problem.ts';
import { problemText } from './terms.ts';

it('says why TLS failed in words, and keeps a reason that has none', () => {
  const failed = problem('TLS_FAILED', { reason: 'SSL_UNSUPPORTED_PROTOCOL' });
  expect(problemText('en', failed).sentence).toBe(
    'No encrypted connection could be made, because of: both sides have no TLS version in common.',
  );
  expect(problemText('zh-CN', failed).sentence).toBe(
    '无法与对方建立加密连接，原因：双方没有共同的 TLS 版本。',
  );
  // Of a server's side these come with their prefix.
  const untrusted = problem('TLS_CERTIFICATE', { reason: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' });
  expect(problemText('en', untrusted).sentence).toContain('it showed none');
  const odd = problem('TLS_FAILED', { reason: 'SSL_SOMETHING_NEW' });
  expect(problemText('en', odd).sentence).toContain('SSL_SOMETHING_NEW');
  // Another problem's reason stays what it is.
  expect(problemText('en', problem('PEER_ABORTED', { reason: 'closed' })).sentence).toContain('closed');
});
