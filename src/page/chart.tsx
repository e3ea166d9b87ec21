/** A chart: drawn once it comes near the viewport, or is printed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageChart } from '../report/page-data.ts';
import { drawChart, isLogarithmic } from './draw.ts';

/** The distance from the viewport at which it is drawn, so that it is ready on arrival. */
const NEAR = '400px';

/**
 * Its canvas, and a switch if it has a logarithmic axis. `data-drawn` on the canvas says that it is drawn,
 * and with which axis.
 */
export function ChartCanvas({ chart }: { chart: PageChart }) {
  const [linear, setLinear] = useState(false);
  const [near, setNear] = useState(false);
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return undefined;
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: NEAR },
    );
    observer.observe(canvas);
    return () => {
      observer.disconnect();
    };
  }, []);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return undefined;
    let drawn: ReturnType<typeof drawChart> | undefined;
    const draw = () => {
      drawn ??= drawChart(canvas, chart, linear);
      canvas.dataset['drawn'] = linear ? 'linear' : 'yes';
    };
    if (near) draw();
    const print = () => {
      if (canvas.closest('.long, [hidden]') === null) draw();
    };
    addEventListener('beforeprint', print);
    return () => {
      removeEventListener('beforeprint', print);
      drawn?.destroy();
      delete canvas.dataset['drawn'];
    };
  }, [chart, linear, near]);
  return (
    <>
      {isLogarithmic(chart) && (
        <label class="axis">
          <input
            type="checkbox"
            checked={!linear}
            onChange={() => {
              setLinear(!linear);
            }}
          />{' '}
          logarithmic axis
        </label>
      )}
      <div class="canvas" style={{ height: `${chart.height}px` }}>
        <canvas
          ref={ref}
          id={`chart-${chart.id}`}
          role="img"
          aria-label={`${chart.title}. ${chart.caption}`}
        />
      </div>
    </>
  );
}

/** With its title, its caption, and its figures as a table if it includes them. */
export function ChartFigure({ chart }: { chart: PageChart }) {
  const { title, caption, table } = chart;
  return (
    <figure>
      <h3>{title}</h3>
      <ChartCanvas chart={chart} />
      <figcaption>{caption}</figcaption>
      {table !== undefined && (
        <details>
          <summary>The same as a table</summary>
          <Table head={table.head} rows={table.rows} />
        </details>
      )}
    </figure>
  );
}

/** A table of text that scrolls sideways on its own, with the first field of a row as its header. */
export function Table({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={head.join(', ')}>
      <table>
        <thead>
          <tr>
            {head.map((name, at) => (
              <th key={at} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...others], at) => (
            <tr key={at}>
              <th scope="row">{first}</th>
              {others.map((text, column) => (
                <td key={column}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
