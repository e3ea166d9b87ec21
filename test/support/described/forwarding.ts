/**
 * PoCL-Remote, rCUDA and Cricket between a described host and its guests, by real sockets: what their servers and clients
 * do to the network and to their environment. Source: PoCL, doc/sphinx/source/remote.rst; rCUDA’s user’s guide; Cricket’s README.
 */
import type { DescribedHost, Domain, Part } from './host.ts';
import type { Machine } from './machine.ts';

/** How it fails, where it is to. */
export interface ForwardingFaults {
  /** Why the server ends at once. */
  ends?: string;
  /** The server listens nowhere. */
  deaf?: boolean;
  /** The guest has a device of its own besides. */
  local?: boolean;
  /** The workload takes it. */
  takesLocal?: boolean;
  /** The server dies under the workload. */
  dies?: boolean;
}

/** Three ports that nothing else of these tests has. */
export const PORT = 10_000 + 3 * (process.pid % 6000);

/** Listens at ports, and keeps who connects until they go. @param dies with its second client: clinfo is its first */
const listen = (dies: boolean) => String.raw`use IO::Select; use IO::Socket::INET;
my @l = map { IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $_, Listen => 9, ReuseAddr => 1) or die "bind: $!\n" } @ARGV;
my $s = IO::Select->new(@l); my %l = map { $_ => 1 } @l;
while (my @r = $s->can_read) { for (@r) { if ($l{$_}) { exit 1 if ++$n > ${dies ? 1 : 99}; $s->add(scalar $_->accept) } else { sysread($_, my $b, 99) or do { $s->remove($_); close $_ } } } }`;

/** Connects, stays some seconds, and goes: a machine that is busy takes as long to look. */
const CONNECT = String.raw`use IO::Socket::INET; my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $ARGV[0]) or die "$!\n"; select undef, undef, undef, 4`;

export class Forwarding implements Part {
  faults: ForwardingFaults = {};

  constructor(host: DescribedHost) {
    host.plug(this);
  }

  readonly booted = (machine: Machine, domain: Domain | undefined): void => {
    if (domain !== undefined) {
      this.#bootGuest(machine);
      return;
    }
    machine.gpu('0000:03:00.0', ['1002', '744c'], 'amdgpu');
    machine.program('bin/saxpy', 'echo "GFLOPS: 42.5"');
    const { ends, deaf, dies } = this.faults;
    const serve = (ports: string) =>
      ends === undefined
        ? deaf === true
          ? 'exec sleep 1000'
          : `exec perl -e '${listen(dies === true)}' ${ports}`
        : `echo ${ends} >&2; exit 1`;
    // pocld -a ADDRESS -p PORT, rCUDAd -i -p PORT, cricket-rpc-server [ID]
    machine.program('bin/pocld', `[ "$1 $3" = "-a -p" ] || exit 2\n${serve('$4 $(($4 + 1)) $(($4 + 2))')}`);
    machine.program('bin/rCUDAd', `[ "$1 $2" = "-i -p" ] || exit 2\n${serve('$3')}`);
    machine.program('bin/cricket-rpc-server', `[ "$1" = 7 ] || exit 2\n${serve(String(PORT + 1))}`);
  };

  #bootGuest(machine: Machine): void {
    const { local, takesLocal } = this.faults;
    // Each technique’s client goes by what it is told, and by nothing else.
    const told = `p=
[ "$POCL_DEVICES" = remote ] && p=\${POCL_REMOTE0_PARAMETERS#*:} && p=\${p%/*}
[ "$RCUDA_DEVICE_COUNT" = 1 ] && p=\${RCUDA_DEVICE_0#*@} && p=\${p%:*}
[ "$LD_PRELOAD $CRICKET_RPCID $REMOTE_GPU_ADDRESS" = "/etc/described 7 127.0.0.1" ] && p=${PORT + 1}
unset LD_PRELOAD`;
    machine.program(
      'bin/clinfo',
      `${told}
${local === true ? "echo '  Device Version                                  OpenCL 3.0 CUDA'" : ':'}
[ "$p" ] && perl -e '${CONNECT.replace('undef, 4', 'undef, 0')}' "$p" 2>/dev/null || exit 0
echo '  Device Name                                     AMD Radeon RX 7900 XTX'
echo "  Device Version                                  OpenCL 1.2 CUDA HSTR: PoCL-Remote $POCL_REMOTE0_PARAMETERS"`,
    );
    machine.program(
      'bin/saxpy',
      `${told}
[ "$p" ] ${takesLocal === true ? '&& false' : ''} || { echo 'GFLOPS: 1.5'; exit 0; }
perl -e '${CONNECT}' "$p" && echo "GFLOPS: 40.5"`,
    );
  }
}
