/** Words of where marks were drawn. */
export const markTerms = {
  'reading.drawnOn': {
    zh: '此标记画在 {where}，请在该图像上修改',
    en: 'Drawn on {where}: it is changed there',
  },
  'reading.alongLine': { zh: 'CPR', en: 'CPR' },
  'reading.inSet': { zh: '第 {n} 组', en: 'set {n}' },
} as const;
