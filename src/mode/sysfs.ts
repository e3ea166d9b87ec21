/** How files of sysfs are written, and what is read of PCI devices there: for scripts of POSIX sh. */
import { z } from 'zod';
import { quote } from '../words/quote.ts';

/** A PCI function's name in sysfs. */
export const PCI_ADDRESS = /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;
/** The same in an experiment file. */
export const pciAddress = z
  .string()
  .regex(PCI_ADDRESS, { error: 'expected a PCI address with its domain, such as 0000:01:00.0' });

/** A mediated device's name in sysfs. */
export const MDEV_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const pciDevice = (address: string): string => `/sys/bus/pci/devices/${address}`;

/** With tee, which reports the file and the kernel’s reason if the write fails. */
export function put(value: string, file: string): string {
  return `printf '%s\\n' ${quote(value)} | tee ${quote(file)} >/dev/null`;
}

/** Prints the driver that a device is bound to, or nothing. */
export function driverOf(address: string): string {
  return `readlink ${pciDevice(address)}/driver | sed 's,.*/,,'`;
}

/** Sets $vgb_k to the last lines of the kernel’s log after the given one, by their sequence numbers. */
export function logSince(sequence: string): string {
  return `vgb_k=$(dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null | awk -F '[,;]' -v after=${quote(sequence)} '/^[0-9]+,[0-9]+,/ && $2 > after + 0' | sed 's/^[^;]*;//')`;
}

/** Prints the sequence number of the last line of the kernel’s log; -1 if it is empty. */
export const LOG_END = `dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null | awk -F '[,;]' 'BEGIN { last = -1 } /^[0-9]+,[0-9]+,/ { last = $2 } END { print last }'`;
