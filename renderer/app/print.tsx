import { type ReactNode, useEffect, useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import type { CallInput } from '../../core/contract/index.ts';
import { client } from './client.ts';
import { showProblem } from './messages.ts';
import './print.css';

export interface Sheet {
  readonly page: ReactNode;
  /** For the audit trail. */
  readonly of: CallInput<'studies.print'>;
}

/** Makes the sheet of what is shown, at once; null = the page prints as it is. */
type SheetMaker = () => Sheet | null;

let maker: SheetMaker | null = null;

/** The page that is shown says what is printed of it, whichever way printing was asked for. */
export function providePrint(make: SheetMaker): () => void {
  maker = make;
  return () => {
    if (maker === make) maker = null;
  };
}

let isNoted = false;

/** Asks the browser to print, once the audit trail knows. The browser asks for the sheet before this ends. */
export async function printNoted(of: Sheet['of']): Promise<void> {
  const noted = await client().call('studies.print', of);
  if (!noted.ok) return void showProblem(noted.problem);
  isNoted = true;
  window.print();
  isNoted = false;
}

/** Beside the window and never on screen: the sheet, from the browser's question until its answer. */
export function PrintLayer() {
  const [sheet, setSheet] = useState<ReactNode>(null);
  useEffect(() => {
    const show = (made: Sheet | null): void => {
      document.documentElement.toggleAttribute('data-print', made !== null);
      // The browser takes the page as it is when its event ends.
      flushSync(() => setSheet(made?.page ?? null));
    };
    const before = (): void => {
      const made = maker?.() ?? null;
      // By the browser's own menu: nobody can wait any more.
      if (made && !isNoted) void client().call('studies.print', made.of);
      show(made);
    };
    const after = (): void => show(null);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return sheet === null ? null : createPortal(<div className="print-root light">{sheet}</div>, document.body);
}
