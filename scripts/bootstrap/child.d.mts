export declare function runChild(
  program: string,
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
): Promise<number>;
