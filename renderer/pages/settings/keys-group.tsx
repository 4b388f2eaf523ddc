import { useEffect, useState } from 'react';
import type { Command } from '../../app/commands.ts';
import { KeyList } from '../../app/keys-sheet.tsx';
import { studyCommands } from '../studies/study-commands.ts';

/** Every key of the product, also those of pages that are not shown now. */
export function KeysGroup() {
  const [reading, setReading] = useState<readonly Omit<Command, 'run'>[]>([]);
  useEffect(() => {
    let isStale = false;
    // The reading page is loaded when it is first wanted.
    void import('../reading/reading-keys.ts').then(({ readingKeys }) => {
      if (!isStale) setReading(readingKeys());
    });
    return () => {
      isStale = true;
    };
  }, []);
  return (
    <div className="card keys">
      <KeyList others={[...studyCommands, ...reading]} />
    </div>
  );
}
