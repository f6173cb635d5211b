import type { ReactElement } from 'react';
import { dimensionNames, modelNames } from './report-names.ts';
import { dimensions, models, modelsOf, type Model, type ReportSearch } from './report-search.ts';

/** Which report is shown: by what, of which days, and which models stand side by side. A choice holds at once. */
export function ReportForm({ search, onChange }: { readonly search: ReportSearch; readonly onChange: (search: ReportSearch) => void }): ReactElement {
  const { key: _, model: __, ...report } = search;
  const shown = modelsOf(search);
  const setDay = (name: 'from' | 'to', value: string): void => {
    const { [name]: ___, ...rest } = report;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  const toggle = (model: Model): void => {
    const wanted = shown.includes(model) ? shown.filter((each) => each !== model) : [...shown, model];
    onChange({ ...report, models: models.filter((each) => wanted.includes(each)).join(',') });
  };
  return (
    <div role="search" aria-label="Report">
      <div className="filters">
        <label>
          Revenue by
          <select value={search.by ?? 'channel'} onChange={({ target }) => onChange({ ...report, by: dimensions.find((each) => each === target.value) ?? 'channel' })}>
            {dimensions.map((each) => <option key={each} value={each}>{dimensionNames[each]}</option>)}
          </select>
        </label>
        <label>Won from <input type="date" value={search.from ?? ''} onChange={({ target }) => setDay('from', target.value)} /></label>
        <label>and before <input type="date" value={search.to ?? ''} onChange={({ target }) => setDay('to', target.value)} /></label>
      </div>
      <fieldset className="choices">
        <legend>Models</legend>
        {models.map((model) => (
          <label key={model}><input type="checkbox" checked={shown.includes(model)} disabled={shown.length === 1 && shown.includes(model)} onChange={() => toggle(model)} /> {modelNames[model]}</label>
        ))}
      </fieldset>
    </div>
  );
}
