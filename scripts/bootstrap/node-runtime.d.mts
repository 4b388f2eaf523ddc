export declare function isNodeGoodEnough(version: string): boolean;
export declare function nodePackageFor(
  platform: string,
  arch: string,
): { readonly name: string; readonly range: string } | undefined;
export declare function ensureNode(root: string): string;
