import { useEffect, useState } from 'react';

/** Who types faster than this is asked about once they rest. */
const restMs = 400;

/** A text that has not changed for a while. */
export function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
