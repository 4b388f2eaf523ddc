/** Units that stand behind a number with a space between; SI and DICOM's. */
const units = 'mm[²³]?|cm[²³]?|µm|px²?|ml|HU|SD|kV|mA|Bq/ml|g/ml|%|kB|MB|GB|TB|ms|s|min|h|fps';
const numberAndUnit = new RegExp(`(\\d) (?=(?:${units})(?![\\p{L}\\p{N}]))`, 'gu');

/**
 * The same words with a no-break space between a number and its unit: "0 mm" never ends a line with its number. For the
 * screen only: what a terminal or a file gets keeps plain spaces.
 */
export const unbroken = (text: string): string => text.replace(numberAndUnit, '$1\u00a0');
