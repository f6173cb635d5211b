import { useEffect, useState, type ReactElement } from 'react';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];
const names: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };
const storedAs = 'crossdock.theme';

/** Light or dark; what somebody chose is kept in this browser. */
export function ThemeSwitch(): ReactElement {
  const [theme, setTheme] = useState<Theme>(() => themes.find((one) => one === localStorage.getItem(storedAs)) ?? 'system');
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(storedAs, theme);
  }, [theme]);
  return (
    <label className="theme">
      <span>Colours</span>
      <select value={theme} onChange={({ target }) => setTheme(themes.find((one) => one === target.value) ?? 'system')}>
        {themes.map((one) => <option key={one} value={one}>{names[one]}</option>)}
      </select>
    </label>
  );
}
