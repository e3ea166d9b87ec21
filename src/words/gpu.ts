/** What distinguishes one GPU from another, as far as it can be read. */
interface Identity {
  /** Vendor and device, as 10de:1b80. */
  id: string;
  /** On the PCI bus of the machine on which it is seen. */
  address: string;
  /** The machine. */
  machine?: string | undefined;
  /** Its own, if its driver reports it. */
  uuid?: string | undefined;
}

/** A GPU's name. */
export function gpuName({ id, address, machine, uuid }: Identity): string {
  return [`${id} at ${address}`, uuid, machine && `of machine ${machine}`].filter(Boolean).join(' ');
}

/** Whether two names may denote the same GPU: not everybody may read its machine or its UUID. */
export function maySameGpu(one: string, other: string): boolean {
  const [own, their] = [identityIn(one), identityIn(other)];
  if (own.id !== their.id) return false;
  if (own.uuid !== undefined && their.uuid !== undefined) return own.uuid === their.uuid;
  const machines = own.machine === undefined || their.machine === undefined || own.machine === their.machine;
  return own.address === their.address && machines;
}

function identityIn(name: string): Identity {
  const [, id = name, address = '', uuid, machine] =
    /^(\S+) at (\S+)(?: (GPU-\S+))?(?: of machine (\S+))?$/.exec(name) ?? [];
  return { id, address, uuid, machine };
}
