/**
 * JSON with typed arrays: how call inputs and outputs cross a text transport.
 * A typed array becomes `{ "$typed": "Uint16Array", "values": [...] }`; everything else is plain JSON.
 */
const constructors = { Uint8Array, Int8Array, Uint16Array, Int16Array, Float32Array } as const;
type TypedName = keyof typeof constructors;

const isTypedName = (name: string): name is TypedName => Object.hasOwn(constructors, name);

export function toWire(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (!ArrayBuffer.isView(item)) return item;
    const name = item.constructor.name;
    if (!isTypedName(name)) throw new Error(`Cannot send ${name}`);
    return { $typed: name, values: Array.from(item as Uint8Array) };
  });
}

export function fromWire(text: string): unknown {
  return JSON.parse(text, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || !('$typed' in item)) return item;
    const { $typed, values } = item as { $typed: unknown; values: unknown };
    if (typeof $typed !== 'string' || !isTypedName($typed) || !Array.isArray(values)) return item;
    return constructors[$typed].from(values as number[]);
  });
}
