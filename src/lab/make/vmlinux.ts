/**
 * The kernel proper from a bzImage: Xen's toolstack is seconds faster with it than with the compressed one.
 */
import { execa } from 'execa';
import { incomplete, kernelImage } from './unpacked.ts';

const XZ_MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const ELF_MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** The payload's position is in the setup header (Documentation/arch/x86/boot.rst, protocol 2.08). */
function payload(bzImage: Buffer): Buffer {
  const sectors = bzImage.readUInt8(0x1f1);
  const start = (sectors + 1) * 512 + bzImage.readUInt32LE(0x248);
  // The last four bytes of the payload are its uncompressed size, which xz would reject.
  return bzImage.subarray(start, start + bzImage.readUInt32LE(0x24c) - 4);
}

/** @param unpacked The folder of the packages, for the advice if their kernel is not as expected. */
export async function extractVmlinux(unpacked: string): Promise<Buffer> {
  const packed = payload(await kernelImage(unpacked));
  if (!packed.subarray(0, XZ_MAGIC.length).equals(XZ_MAGIC))
    throw incomplete(unpacked, 'the kernel is not compressed as expected', {
      expected: 'xz, as in Debian 12',
      found: `a payload that begins with ${packed.toString('hex', 0, XZ_MAGIC.length)}`,
    });
  const { stdout } = await execa('xz', ['-dc'], {
    input: packed,
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: 256 * 1024 * 1024,
  });
  const kernel = Buffer.from(stdout);
  if (!kernel.subarray(0, 4).equals(ELF_MAGIC))
    throw incomplete(unpacked, 'the kernel does not unpack to an ELF file');
  return kernel;
}
