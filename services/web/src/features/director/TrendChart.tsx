import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

interface TrendChartProps {
  title: string;
  /** Names of the steps. */
  starts: readonly string[];
  /** null: nothing was counted then; the line has a gap. */
  lines: readonly { name: string; values: readonly (number | null)[] }[];
  /** Values are percent. */
  percent?: boolean;
}

/** Lines differ in their marks too, not in colour alone. */
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'];
const COLOURS = ['--accent', '--focus', '--bad', '--warn'];

function optionOf({ starts, lines, percent = false }: TrendChartProps) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    axisLabel: { color: colour('--text-2') },
    axisLine: { lineStyle: { color: colour('--line-strong') } },
  };
  return {
    animation: false,
    color: COLOURS.map(colour),
    textStyle: { fontFamily: style.getPropertyValue('--font') },
    grid: { left: 8, right: 16, top: 40, bottom: 4, containLabel: true },
    legend: { top: 4, left: 0, textStyle: { color: colour('--text') } },
    tooltip: {
      trigger: 'axis' as const,
      backgroundColor: colour('--panel'),
      borderColor: colour('--line-strong'),
      textStyle: { color: colour('--text') },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? `${value}${percent ? '%' : ''}` : '–'),
    },
    xAxis: { type: 'category' as const, data: [...starts], ...axis },
    yAxis: {
      type: 'value' as const,
      min: 0,
      ...(percent ? { max: 100 } : { minInterval: 1 }),
      splitLine: { lineStyle: { color: colour('--line') } },
      ...axis,
      axisLabel: { color: colour('--text-2'), formatter: percent ? '{value}%' : '{value}' },
    },
    series: lines.map(({ name, values }, index) => ({
      type: 'line' as const,
      name,
      data: [...values],
      symbol: SYMBOLS[index % SYMBOLS.length] ?? 'circle',
      // Lines that lie on each other are still told apart.
      symbolSize: 13 - index * 2,
      connectNulls: false,
    })),
  };
}

/** Lines over time. The numbers stand in a table beside it, so that nobody has to read them off the picture. */
export function TrendChart(props: TrendChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const redraw = useRef<() => void>(undefined);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = init(element, null, { renderer: 'svg' });
    const draw = () => chart.setOption(optionOf(latest.current), { notMerge: true });
    redraw.current = draw;
    draw();
    const sized = new ResizeObserver(() => chart.resize());
    sized.observe(element);
    // Light or dark is chosen on the root; the chart takes its colours from there.
    const shaded = new MutationObserver(draw);
    shaded.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sized.disconnect();
      shaded.disconnect();
      chart.dispose();
      redraw.current = undefined;
    };
  }, []);
  useEffect(() => {
    latest.current = props;
    redraw.current?.();
  });
  return (
    <figure className="sheet director-chart">
      <figcaption>{props.title}</figcaption>
      <div ref={place} className="director-lines" role="img" aria-label={props.title} />
    </figure>
  );
}
