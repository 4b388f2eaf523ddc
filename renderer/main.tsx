import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from './app/transport/client.ts';

const client = createClient();

/** Placeholder page: proves that the shell, the contract and the page meet. */
function Placeholder() {
  const [version, setVersion] = useState('');
  useEffect(() => {
    client
      .call('app.info', {})
      .then((result) => setVersion(result.ok ? result.value.version : result.problem.code));
  }, []);
  return (
    <main data-page="studies" data-ready={version !== ''}>
      Candela {version}
    </main>
  );
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Placeholder />
    </StrictMode>,
  );
}
