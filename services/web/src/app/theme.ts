import { theme as antd, type ThemeConfig } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useMedia } from '../ui/use-media.ts';

export type Shade = 'light' | 'dark';

const STORED = 'mingzao.theme';

function remembered(): Shade | undefined {
  const stored = localStorage.getItem(STORED);
  return stored === 'light' || stored === 'dark' ? stored : undefined;
}

/** The shade that was chosen, else the one the system prefers; and the way to change it. */
export function useShade(): [Shade, () => void] {
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const [chosen, setChosen] = useState(remembered);
  const shade = chosen ?? (systemDark ? 'dark' : 'light');
  useEffect(() => {
    document.documentElement.dataset.theme = shade;
  }, [shade]);
  const toggle = useCallback(() => {
    const next = shade === 'dark' ? 'light' : 'dark';
    localStorage.setItem(STORED, next);
    setChosen(next);
  }, [shade]);
  return [shade, toggle];
}

/** antd in the colours of styles/theme.css. `still`: people who asked their system for less motion get none. */
export function antdTheme(shade: Shade, still: boolean): ThemeConfig {
  const dark = shade === 'dark';
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: dark ? '#26897f' : '#0c6b64',
      colorError: dark ? '#e5554d' : '#c4302b',
      colorBgContainer: dark ? '#161e20' : '#ffffff',
      colorBgElevated: dark ? '#1b2527' : '#ffffff',
      borderRadius: 6,
      fontFamily: 'var(--font)',
      motion: !still,
    },
    // The hovered word of a plain button stays readable on the dark panels (--accent-text).
    components: dark ? { Button: { defaultHoverColor: '#6fd0c6' } } : {},
  };
}
