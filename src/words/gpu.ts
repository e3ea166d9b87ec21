/** How a GPU is named: its PCI ID and address, and the machine that it is in, where that may be read. */
export function gpuName(id: string, address: string, machine: string | undefined): string {
  return `${id} at ${address}${machine === undefined ? '' : ` ${OF}${machine}`}`;
}

/** Whether two names may be one GPU's: of which machine it is, not everybody may read. */
export function maySameGpu(one: string, other: string): boolean {
  const [own, their] = [one.split(` ${OF}`), other.split(` ${OF}`)];
  return own[0] === their[0] && (own[1] === undefined || their[1] === undefined || own[1] === their[1]);
}

const OF = 'of machine ';
