/** The Debian packages from which the boxes are built. They are unpacked into the cache, never installed. */

/** Xen's version is part of its packages' names: Debian 12 has 4.17. */
export const XEN_VERSION = '4.17';

export const PACKAGE_NAMES = [
  'busybox-static',
  'dropbear-bin',
  `xen-hypervisor-${XEN_VERSION}-amd64`,
  `xen-utils-${XEN_VERSION}`,
  'xenstore-utils',
  // For compiling the lab's own programs.
  'libxen-dev',
  'libc6-dev',
  'linux-libc-dev',
  // Libraries of xl, xenstored and dropbear; the programs determine which of them a box gets.
  'libc6',
  'libgcc-s1',
  'libxencall1',
  'libxendevicemodel1',
  'libxenevtchn1',
  'libxenforeignmemory1',
  'libxengnttab1',
  'libxenhypfs1',
  `libxenmisc${XEN_VERSION}`,
  'libxenstore4',
  'libxentoolcore1',
  'libxentoollog1',
  'libyajl2',
  'libuuid1',
  'libnl-3-200',
  'libnl-route-3-200',
  'libext2fs2',
  'libcom-err2',
  'libfdt1',
  'zlib1g',
  'liblzma5',
  'libbz2-1.0',
  'liblzo2-2',
  'libzstd1',
  'libcrypt1',
  'libtomcrypt1',
  'libtommath1',
  'libgmp10',
  'libncurses6',
  'libtinfo6',
] as const;

/** The metapackage whose one dependency is the current kernel. */
export const KERNEL_METAPACKAGE = 'linux-image-amd64';
