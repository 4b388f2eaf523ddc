import type { TermTable } from './term.ts';

/** Words of the desktop's tray and of its one question; never a patient's name. */
export const trayTerms = {
  open: { zh: '打开 Candela', en: 'Open Candela' },
  quit: { zh: '退出', en: 'Quit' },
  off: { zh: '接收已关闭', en: 'Receiver off' },
  failed: { zh: '接收无法启动', en: 'The receiver could not start' },
  listening: {
    zh: '正在等待图像（{aeTitle}，端口 {port}）',
    en: 'Waiting for images ({aeTitle}, port {port})',
  },
  receiving: { zh: '正在接收，{n} 个连接', en: 'Receiving, {n} {n|connection|connections}' },
  askTitle: { zh: '关闭窗口后继续接收图像吗？', en: 'Keep receiving images after the window is closed?' },
  askDetail: {
    zh: 'Candela 会留在系统托盘中。之后可在“设置 › 接收”中更改。',
    en: 'Candela stays in the tray. You can change this later in Settings › Receiver.',
  },
  askKeep: { zh: '继续接收', en: 'Keep receiving' },
  askQuit: { zh: '退出', en: 'Quit' },
} as const satisfies TermTable;
