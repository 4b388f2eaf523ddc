/** Words of marks on pictures that they were not drawn on. */
export const markTerms = {
  'reading.drawnOn': {
    zh: '此标记画在 {where}，请在该图像上修改',
    en: 'Drawn on {where}: it is changed there',
  },
  'reading.inSet': { zh: '第 {n} 组', en: 'set {n}' },
} as const;
