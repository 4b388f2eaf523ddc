export declare function ensureDependencies(root: string): void;
export declare function runNpm(cwd: string, args: readonly string[]): void;
