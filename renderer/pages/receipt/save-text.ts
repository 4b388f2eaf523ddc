import { problem } from '../../../core/base/problem.ts';
import { client } from '../../app/client.ts';
import { showProblem } from '../../app/messages.ts';

/** Offers a text as a file to keep. */
export function saveText(name: string, type: string, text: string): void {
  const tell = (): void => void showProblem(problem('IO_ERROR'));
  void client()
    .saveFile(name, new Blob([text], { type }))
    .catch(tell);
}
