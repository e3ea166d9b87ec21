/**
 * nvidia-smi’s report of virtual GPUs. Source: its output on a host with driver 580.105 and virtual functions, and, for
 * mediated devices, in NVIDIA’s guide to vGPU; lines are “Key : value”, where a value may contain colons.
 */
import { quote } from '../../words/quote.ts';
import type { Facts } from '../facts.ts';

type Told = ReadonlyMap<string, string>;

const OF_HOST =
  'vGPU ID|VM Name|MDEV UUID|vGPU Name|vGPU Type|Guest Driver Version|License Status|Frame Rate Limit';
const OF_GPU = 'Product Name|Virtualization Mode|License Status';

/** Facts of the host about each of the GPU’s virtual GPUs. */
export function hostSmi(device: string): string {
  return fact('vgpus', `nvidia-smi vgpu -q -i ${quote(device)}`, OF_HOST);
}

/** Facts of a GPU, on the machine that has it. @param device its PCI address; default: the first one’s */
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

/** The one that a guest has, identified by its UUID if that is reported, else by the host’s name for the guest. */
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

/** The first match: the product of a guest’s licence has a name, too, further down. */
export function gpuIn(facts: Facts): Told {
  return new Map(lines(facts.get('smi')).reverse());
}
