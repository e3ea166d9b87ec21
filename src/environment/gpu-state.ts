/**
 * The state of a machine's GPUs, its kernel's log and its other domains: read before and after each stay if
 * there is a GPU.
 */

/** A GPU's clocks and limits; null if its driver does not report them. */
export interface GpuState {
  /** Its name for DRM, or NVIDIA's driver: card0, GPU-5d6f... */
  device: string;
  clockMhz: number | null;
  mostMhz: number | null;
  memoryMhz: number | null;
  celsius: number | null;
  watts: number | null;
  /** Lanes of its PCIe link, and the maximum. */
  lanes: number | null;
  mostLanes: number | null;
  /** GT/s, as in sysfs. */
  link: string | null;
  mostLink: string | null;
  /** What throttles its clock; empty if nothing does. */
  throttled: string | null;
  /** The performance level of nouveau, and the highest one. */
  level: string | null;
  mostLevel: string | null;
}

/** A domain of Xen. */
export interface DomainState {
  name: string;
  /** CPU time of its virtual CPUs since it was created, in s. */
  cpuS: number;
  /** The CPUs that they may run on: all, or as 2-3. */
  pinned: string;
}

export interface MachineState {
  gpus: GpuState[];
  /** Of Xen, in dom0. */
  domains: DomainState[];
  /** Sequence number of the newest line of the kernel's log; null if unreadable. */
  newestLine: number | null;
  /** Lines in which a GPU's driver reports a fault, a hang or a reset, with their numbers. */
  faults: { line: number; text: string }[];
}

/**
 * How drivers report faults. Sources: NVIDIA, "XID errors"; i915_gpu_error.c and intel_reset.c; nvkm's fifo
 * and gr; amdgpu_device.c.
 */
const FAULTS =
  'NVRM: Xid|i915.*(GPU HANG|[Rr]esetting (chip|rcs|bcs|vcs|vecs))|nouveau.*(fifo|gr): .*(fault|timeout|TRAP|SCHED_ERROR|ERROR)|amdgpu.*GPU reset';

/**
 * POSIX sh; lines of a kind, a device and a value, separated by tabs. Only root can read the level of nouveau
 * and the log, of which the last 20 faults are printed. NVIDIA's reasons are bits. Sources:
 * Documentation/ABI/testing/sysfs-bus-pci, drivers/gpu/drm/i915/i915_sysfs.c and gt/intel_gt_sysfs_pm.c,
 * drivers/gpu/drm/xe/xe_gt_freq.c, drivers/gpu/drm/nouveau/nouveau_debugfs.c of Linux; nvidia-smi
 * --help-query-gpu; tools/xl/xl_vcpu.c of Xen, which has finer times than xentop, and whole names.
 */
export const MACHINE_STATE_SCRIPT = String.raw`
t() { vgb_l=; { IFS= read -r vgb_l; } 2>/dev/null <"$3" && [ -n "$vgb_l" ] && printf '%s\t%s\t%s\n' "$1" "$2" "$vgb_l"; }
for vgb_d in /sys/class/drm/card[0-9] /sys/class/drm/card[0-9][0-9]; do
[ -e "$vgb_d/device/vendor" ] || continue
vgb_n=$(basename "$vgb_d")
printf 'gpu\t%s\t.\n' "$vgb_n"
for vgb_f in "$vgb_d/gt_act_freq_mhz" "$vgb_d/gt/gt0/rps_act_freq_mhz" "$vgb_d/device/tile0/gt0/freq0/act_freq"; do t clock "$vgb_n" "$vgb_f" && break; done
for vgb_f in "$vgb_d/gt_RP0_freq_mhz" "$vgb_d/gt/gt0/rps_RP0_freq_mhz" "$vgb_d/device/tile0/gt0/freq0/rp0_freq"; do t most-clock "$vgb_n" "$vgb_f" && break; done
for vgb_f in "$vgb_d/gt/gt0/throttle_reason_status" "$vgb_d/device/tile0/gt0/freq0/throttle/status"; do t throttle "$vgb_n" "$vgb_f" && break; done
t lanes "$vgb_n" "$vgb_d/device/current_link_width"
t most-lanes "$vgb_n" "$vgb_d/device/max_link_width"
t link "$vgb_n" "$vgb_d/device/current_link_speed"
t most-link "$vgb_n" "$vgb_d/device/max_link_speed"
for vgb_f in "$vgb_d"/device/hwmon/hwmon*/temp1_input; do t millicelsius "$vgb_n" "$vgb_f" && break; done
for vgb_f in "$vgb_d"/device/hwmon/hwmon*/power1_average "$vgb_d"/device/hwmon/hwmon*/power1_input; do t microwatts "$vgb_n" "$vgb_f" && break; done
vgb_f=/sys/kernel/debug/dri/$(echo "$vgb_n" | sed 's/card//')/pstate
[ -r "$vgb_f" ] && sed "s/^/pstate	$vgb_n	/" "$vgb_f"
done 2>/dev/null
command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi --query-gpu=uuid,clocks.sm,clocks.max.sm,clocks.mem,temperature.gpu,power.draw,pcie.link.width.current,pcie.link.width.max,pcie.link.gen.current,pcie.link.gen.max,clocks_throttle_reasons.active --format=csv,noheader,nounits 2>/dev/null | sed 's/^/nvidia		/'
command -v xl >/dev/null 2>&1 && xl vcpu-list 2>/dev/null | sed -n 's/^\([^ ][^ ]*\) *[0-9][0-9]* *[0-9][0-9]* *[^ ][^ ]* *[^ ][^ ]* *\([0-9][0-9.]*\) *\([^ ][^ ]*\) .*/domain	\1	\2 \3/p'
[ -r /dev/kmsg ] && dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null | awk -F '[,;]' '/^ / { next } { last = $2 } /^[0-7],/ && /${FAULTS}/ { n++; f[n % 20] = $2 "\t" substr($0, index($0, ";") + 1) } END { if (last != "") printf "newest\t\t%s\n", last; for (i = n > 20 ? n - 19 : 1; i <= n; i++) printf "fault\t%s\n", f[i % 20] }'
:`;

/** Limits on how many of each are read: more than any machine has. */
const MOST = 100;

/** Reads the output of MACHINE_STATE_SCRIPT: hostile text, because it comes from a guest. */
export function parseMachineState(text: string): MachineState {
  const state: MachineState = { gpus: [], domains: [], newestLine: null, faults: [] };
  const gpu = (device: string) => {
    const known = state.gpus.find((one) => one.device === device);
    if (known !== undefined) return known;
    const fresh = { ...UNKNOWN, device };
    if (state.gpus.length < MOST) state.gpus.push(fresh);
    return fresh;
  };
  for (const line of text.split('\n', 4 * MOST)) {
    const [kind = '', name = '', value = ''] = line.split('\t').map((part) => part.trim().slice(0, 300));
    const number = numberIn(value);
    if (kind === 'domain') addVcpu(state.domains, name.slice(0, 63), value);
    else if (kind === 'newest') state.newestLine = number;
    else if (kind === 'fault' && numberIn(name) !== null && state.faults.length < MOST)
      state.faults.push({ line: Number(name), text: value });
    else if (kind === 'nvidia') Object.assign(gpu(value.split(',')[0] ?? ''), nvidia(value));
    else if (kind === 'pstate') Object.assign(gpu(name), levels(gpu(name), value));
    else if (kind === 'gpu') gpu(name);
    else if (Object.hasOwn(FIELDS, kind)) Object.assign(gpu(name), FIELDS[kind]?.(value, number));
  }
  return { ...state, gpus: state.gpus.filter(({ device }) => device !== '') };
}

/** One virtual CPU: its time, and where it may run. */
function addVcpu(domains: DomainState[], name: string, value: string): void {
  const [time = '', pinned = ''] = value.split(' ');
  const cpuS = numberIn(time);
  if (cpuS === null || !/^[0-9a-z,-]{1,60}$/.test(pinned)) return;
  const known = domains.find((one) => one.name === name);
  if (known === undefined) {
    if (domains.length < MOST) domains.push({ name, cpuS, pinned });
    return;
  }
  known.cpuS += cpuS;
  if (!known.pinned.split('; ').includes(pinned) && known.pinned.length < 100) known.pinned += `; ${pinned}`;
}

const UNKNOWN: Omit<GpuState, 'device'> = {
  ...{ clockMhz: null, mostMhz: null, memoryMhz: null, celsius: null, watts: null },
  ...{
    lanes: null,
    mostLanes: null,
    link: null,
    mostLink: null,
    throttled: null,
    level: null,
    mostLevel: null,
  },
};

const FIELDS: Readonly<Record<string, (text: string, number: number | null) => Partial<GpuState>>> = {
  clock: (_, clockMhz) => ({ clockMhz }),
  'most-clock': (_, mostMhz) => ({ mostMhz }),
  throttle: (text) => ({ throttled: text === '0' ? '' : 'by its firmware' }),
  lanes: (_, lanes) => ({ lanes }),
  'most-lanes': (_, mostLanes) => ({ mostLanes }),
  link: (link) => ({ link }),
  'most-link': (mostLink) => ({ mostLink }),
  millicelsius: (_, value) => ({ celsius: value === null ? null : value / 1000 }),
  microwatts: (_, value) => ({ watts: value === null ? null : value / 1e6 }),
};

/**
 * Reasons that throttle a clock; others, such as an idle GPU, do not. Source: NVML, nvmlClocksEventReasons.
 */
const REASONS: readonly [bit: number, words: string][] = [
  [0x4, 'power cap'],
  [0x8, 'hardware slowdown'],
  [0x20, 'temperature (driver)'],
  [0x40, 'temperature (hardware)'],
  [0x80, 'power brake'],
];

function nvidia(line: string): Partial<GpuState> {
  const [, ...words] = line.split(',').map((word) => word.trim());
  const [clockMhz, mostMhz, memoryMhz, celsius, watts, lanes, mostLanes, gen, mostGen] = words.map(numberIn);
  const bits = Number(words[9]);
  return {
    ...{ clockMhz: clockMhz ?? null, mostMhz: mostMhz ?? null, memoryMhz: memoryMhz ?? null },
    ...{ celsius: celsius ?? null, watts: watts ?? null, lanes: lanes ?? null, mostLanes: mostLanes ?? null },
    link: gen == null ? null : `generation ${gen}`,
    mostLink: mostGen == null ? null : `generation ${mostGen}`,
    throttled: Number.isNaN(bits)
      ? null
      : REASONS.flatMap(([bit, reason]) => ((bits & bit) === 0 ? [] : [reason])).join(', '),
  };
}

/** A line of nouveau's levels: `07: core 405 MHz memory 648 MHz AC DC *`, and the last `AC: core 405 MHz memory 648 MHz`. */
function levels({ mostLevel }: GpuState, line: string): Partial<GpuState> {
  const [, level = '', rest = ''] = /^([0-9a-f]{2}|AC|DC|--): (.*)$/.exec(line) ?? [];
  if (level === '') return {};
  if (/^[0-9a-f]{2}$/.test(level))
    return {
      ...(mostLevel === null || level > mostLevel ? { mostLevel: level } : {}),
      ...(rest.endsWith(' *') ? { level } : {}),
    };
  const mhz = (what: string) => numberIn(new RegExp(String.raw`\b${what} (\d+)`).exec(rest)?.[1] ?? '');
  return { clockMhz: mhz('core') ?? mhz('shader'), memoryMhz: mhz('memory') };
}

function numberIn(text: string): number | null {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}
