import { expect, it } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { useApp } from './app-store.ts';
import { dismissMessage, showProblem } from './messages.ts';

it('keeps what happened, not its words: an old message follows the language', () => {
  useApp.setState({ language: 'zh-CN', messages: [] });
  const id = showProblem(problem('CONNECTION_REFUSED', { host: 'pacs', port: 104 }));
  const [message] = useApp.getState().messages;
  const said = (language: 'zh-CN' | 'en') =>
    typeof message?.text === 'function' ? message.text(language) : '';
  expect(said('zh-CN')).toBe('pacs 的端口 104 没有程序应答。');
  expect(said('en')).toBe('Nothing answers on port 104 of pacs.');
  dismissMessage(id);
});
