/** A deadline that can be cancelled, so that it keeps nothing alive. */
export function timer(ms: number): { passed: Promise<'passed'>; clear: () => void } {
  let handle: NodeJS.Timeout | undefined;
  const passed = new Promise<'passed'>((resolve) => {
    handle = setTimeout(() => {
      resolve('passed');
    }, ms);
  });
  return {
    passed,
    clear: () => {
      clearTimeout(handle);
    },
  };
}
