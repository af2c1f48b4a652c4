/** A listener's mistake must be seen like any uncaught error, but must not stop the one who called it. */
export const isolate = (call: () => void): void => {
  try {
    call();
  } catch (error) {
    const { reportError } = globalThis as { reportError?: (error: unknown) => void };
    if (reportError) return reportError(error);
    queueMicrotask(() => {
      throw error;
    });
  }
};
