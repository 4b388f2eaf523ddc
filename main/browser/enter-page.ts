/** The two small pages around a session's start: the launcher file and the page that trades a token for a session. */

/** Words around a session's start, said before the application and its language setting are there. */
export const enterWords = {
  opening: { zh: '正在打开 Candela…', en: 'Opening Candela…' },
  refused: {
    zh: '此链接已被使用或已过期。请在启动 Candela 的终端按回车键获取新链接。',
    en: 'This link was used or has expired. Press Enter in the terminal that runs Candela for a new one.',
  },
  noBrowser: {
    zh: 'Candela：无法启动浏览器，请打开上面的地址。',
    en: 'Candela: no browser could be started; open the address above.',
  },
  portBusy: {
    zh: 'Candela：端口 {port} 不可用，请用 --port 指定另一个。',
    en: 'Candela: port {port} cannot be used; choose another with --port.',
  },
  continue: { zh: '继续', en: 'Continue' },
} as const;

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>${title}</title></head>
<body>${body}</body>
</html>
`;

const both = ({ zh, en }: { readonly zh: string; readonly en: string }) =>
  `<p lang="zh-CN">${zh}</p><p lang="en">${en}</p>`;

/** `GET /enter`, opened from a printed address whose fragment holds the token (fragments are never sent or logged). */
export const enterPage = page(
  'Candela',
  `<div id="opening">${both(enterWords.opening)}</div><div id="refused" hidden>${both(enterWords.refused)}</div><script src="/enter.js"></script>`,
);

/** Answer to the launcher's form: the nonce waits in an attribute, since the CSP allows no inline script. */
export const enteredPage = (nonce: string) =>
  page(
    'Candela',
    `<div id="entered" data-nonce="${nonce}">${both(enterWords.opening)}</div><script src="/enter.js"></script>`,
  );

export const refusedPage = page('Candela', both(enterWords.refused));

/** Served as /enter.js. The address is cleaned before anything else, so that the token stays out of the history. */
export const enterScript = `'use strict';
(async () => {
  const keep = (nonce) => {
    sessionStorage.setItem('candela.nonce', nonce);
    location.replace('/');
  };
  const entered = document.getElementById('entered');
  if (entered) return keep(entered.dataset.nonce);
  const token = location.hash.slice(1);
  history.replaceState(null, '', '/enter');
  const response = await fetch('/enter', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (response.ok) return keep((await response.json()).nonce);
  document.getElementById('opening').hidden = true;
  document.getElementById('refused').hidden = false;
})();
`;

/**
 * The file that the browser is started with: its path may be seen in the process list, the token inside may not.
 * It posts the token, so no address with a token ever enters the browser's history.
 */
export const launcherPage = (origin: string, token: string) =>
  page(
    'Candela',
    `<form method="post" action="${origin}/enter"><input type="hidden" name="token" value="${token}">${both(enterWords.opening)}<button>${enterWords.continue.zh} · ${enterWords.continue.en}</button></form><script>document.forms[0].submit()</script>`,
  );
