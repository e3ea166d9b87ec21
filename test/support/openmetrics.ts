/** Reads OpenMetrics text with Prometheus’ own reader, which rejects what the format does not allow. */
import { execaSync } from 'execa';

export interface ReadFamily {
  name: string;
  type: string;
  unit: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const READER = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
json.dump([[{'name': f.name, 'type': f.type, 'unit': f.unit, 'samples': [
    {'name': s.name, 'labels': s.labels, 'value': s.value} for s in f.samples]}
    for f in text_string_to_metric_families(text)] for text in json.load(sys.stdin)], sys.stdout)
`;

/** Each text’s families, with one process for all. @throws Error with the reader’s words if it rejects one */
export function readOpenMetrics(texts: readonly string[]): ReadFamily[][] {
  const input = JSON.stringify(texts);
  const { stdout } = execaSync('/usr/bin/python3', ['-c', READER], { input, timeout: 60_000 });
  return JSON.parse(stdout) as ReadFamily[][];
}
