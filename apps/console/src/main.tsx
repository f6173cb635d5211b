import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/records.css';
import './styles/mappings.css';
import './styles/reports.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Console } from './app/console.tsx';

const place = document.getElementById('console');
if (!place) throw new Error('The page has no place for the console.');
createRoot(place).render(<StrictMode><Console /></StrictMode>);
