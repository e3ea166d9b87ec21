import { type Canvas, PDFDocument, SvgExportFlag, createCanvas } from '@napi-rs/canvas';
import type { Plugin } from 'chart.js';
import { chartKit, LEGEND } from './kit.ts';
import type { ChartSpec } from './spec.ts';

const Chart = chartKit();

/** CSS pixels. */
const WIDTH = 900;
/** A chart that is taller, in CSS pixels, is no figure of a printed page, and as a PNG of twice its size heavier than the report. */
const PRINTED = 2000;

/** The chart as it stands in the page (unnamed datasets have no place in the legend), as a PNG: of twice as many pixels, for print, if it fits a page. */
export function renderPng(spec: ChartSpec): Buffer {
  const canvas = createCanvas(WIDTH, spec.height);
  const chart = draw(spec, canvas, spec.height > PRINTED ? 1 : 2);
  const png = canvas.toBuffer('image/png');
  chart.destroy();
  return png;
}

/** The same as an SVG, with its text as text: it can be searched, edited, and read aloud. */
export function renderSvg(spec: ChartSpec): Buffer {
  const canvas = createCanvas(WIDTH, spec.height, SvgExportFlag.NoPrettyXML);
  const chart = draw(spec, canvas, 1);
  const svg = canvas.getContent();
  chart.destroy();
  return svg;
}

/** The same as a PDF of one page, for LaTeX: its text is text, and it contains no date. */
export function renderPdf(spec: ChartSpec): Buffer {
  const pdf = new PDFDocument({ title: spec.title, creator: 'vgpubench' });
  const context = pdf.beginPage(WIDTH, spec.height);
  // A page only has a context; Chart.js asks its canvas for it, and for its size.
  const canvas = { width: WIDTH, height: spec.height, getContext: () => page };
  const page: unknown = Object.assign(context, { canvas });
  const chart = draw(spec, canvas, 1);
  pdf.endPage();
  chart.destroy();
  return pdf.close();
}

/** A page is white; a canvas is transparent until painted. */
const paper: Plugin = {
  id: 'paper',
  beforeDraw: (chart) => {
    const context = chart.ctx as unknown as ReturnType<Canvas['getContext']>;
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, chart.width, chart.height);
  },
};

function draw(
  spec: ChartSpec,
  canvas: { getContext(kind: '2d'): unknown },
  devicePixelRatio: number,
): { destroy: () => void } {
  const config = structuredClone(spec.config);
  config.options = {
    ...config.options,
    responsive: false,
    animation: false,
    devicePixelRatio,
    layout: { padding: 8 },
    plugins: {
      ...config.options?.plugins,
      title: { display: true, text: spec.title },
      legend: LEGEND,
    },
  };
  config.plugins = [paper];
  // Chart.js needs no more of a context than this one provides; only its type is a browser's.
  type Context = ConstructorParameters<typeof Chart>[0];
  return new Chart(canvas.getContext('2d') as Context, config);
}
