/**
 * What nvidia-smi says of virtual GPUs. Source: its output on a host of driver 580.105 with virtual functions, and in NVIDIA’s guide to
 * vGPU with mediated devices; lines are “Key : value”, of which a value may hold colons.
 */
import { quote } from '../../words/quote.ts';
import type { Facts } from '../facts.ts';

type Told = ReadonlyMap<string, string>;

const OF_HOST =
  'vGPU ID|VM Name|MDEV UUID|vGPU Name|vGPU Type|Guest Driver Version|License Status|Frame Rate Limit';
const OF_GPU = 'Product Name|Virtualization Mode|License Status';

/** Facts of the host: each of the GPU’s virtual GPUs. */
export function hostSmi(device: string): string {
  return fact('vgpus', `nvidia-smi vgpu -q -i ${quote(device)}`, OF_HOST);
}

/** Facts of a GPU, on the machine that has it. @param device its PCI address; the first one’s by default */
export function gpuSmi(device?: string): string {
  return fact('smi', `nvidia-smi -q${device === undefined ? '' : ` -i ${quote(device)}`}`, OF_GPU);
}

function fact(name: string, command: string, keys: string): string {
  return String.raw`printf '${name}\t%s\n' "$(${command} 2>&1 | grep -E '^ *(${keys}) *: ' | sed 's/^ *//; s/ *: /=/' | tr '\n\t' '| ')"`;
}

function lines(text = ''): (readonly [string, string])[] {
  return text.split('|').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()] as const];
  });
}

/** The one that a guest has, by its UUID where that is told, or by what the host calls its guest. */
export function vgpuOf(host: Facts, domain: string, uuid: string | undefined): Told | undefined {
  const all: Map<string, string>[] = [];
  for (const [key, value] of lines(host.get('vgpus'))) {
    if (key === 'vGPU ID') all.push(new Map());
    all.at(-1)?.set(key, value);
  }
  return (
    all.find((one) => uuid !== undefined && one.get('MDEV UUID') === uuid) ??
    all.find((one) => one.get('VM Name') === domain)
  );
}

/** What is said of it first: the product of a guest’s licence has a name, too, further down. */
export function gpuIn(facts: Facts): Told {
  return new Map(lines(facts.get('smi')).reverse());
}
