/** Chinese names of common attributes for the tag panel: keyword, name. One a line. */
const namesText = `PatientName 患者姓名
PatientID 患者编号`;

let built: ReadonlyMap<string, string> | undefined;

/** The Chinese name of an attribute; undefined where Candela has none and shows the keyword alone. */
export function nameZhOf(keyword: string): string | undefined {
  built ??= new Map(
    namesText.split('\n').map((line): [string, string] => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), line.slice(space + 1)];
    }),
  );
  return built.get(keyword);
}
