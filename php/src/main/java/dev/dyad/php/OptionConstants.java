package dev.dyad.php;

/// Options of sockets and their levels, with Linux's numbers, which PHP's manual speaks in.
interface OptionConstants {

    /// Whether the kernel records what happens to it.
    int SO_DEBUG = 1;

    /// Whether its address may be bound again at once.
    int SO_REUSEADDR = 2;

    /// Whether several sockets may be bound to one address.
    int SO_REUSEPORT = 15;

    /// Whether a silent connection is tested now and then.
    int SO_KEEPALIVE = 9;

    /// Whether it sends to hosts that are connected directly, only.
    int SO_DONTROUTE = 5;

    /// Whether and how long a close waits until all is sent: `l_onoff`, `l_linger`.
    int SO_LINGER = 13;

    /// Whether it may send to all hosts of a network.
    int SO_BROADCAST = 6;

    /// Whether out-of-band data come with the others.
    int SO_OOBINLINE = 10;

    /// How much it keeps that was sent, in bytes: Linux doubles what is set.
    int SO_SNDBUF = 7;

    /// How much it keeps that came, in bytes: Linux doubles what is set.
    int SO_RCVBUF = 8;

    /// How much room there must be before it counts as writable.
    int SO_SNDLOWAT = 19;

    /// How much there must be before it counts as readable.
    int SO_RCVLOWAT = 18;

    /// How long a call that sends waits: `sec`, `usec`; zero is for ever.
    int SO_SNDTIMEO = 21;

    /// How long a call that receives waits: `sec`, `usec`; zero is for ever.
    int SO_RCVTIMEO = 20;

    /// The type of the socket, to be read.
    int SO_TYPE = 3;

    /// The error that is pending, which reading it clears.
    int SO_ERROR = 4;

    /// The interface that it is bound to, by its name.
    int SO_BINDTODEVICE = 25;

    /// The level of the options that every socket has.
    int SOL_SOCKET = 1;

    /// The mark on all that it sends.
    int SO_MARK = 36;

    /// The processor that handled the last packet.
    int SO_INCOMING_CPU = 49;

    /// How much memory it uses, for what.
    int SO_MEMINFO = 55;

    /// Which extensions of its packet filters Linux has.
    int SO_BPF_EXTENSIONS = 48;

    /// A value next to a packet, for a packet filter.
    int SKF_AD_OFF = -4096,
            SKF_AD_PROTOCOL = 0,
            SKF_AD_PKTTYPE = 4,
            SKF_AD_IFINDEX = 8,
            SKF_AD_NLATTR = 12,
            SKF_AD_NLATTR_NEST = 16,
            SKF_AD_MARK = 20,
            SKF_AD_QUEUE = 24,
            SKF_AD_HATYPE = 28,
            SKF_AD_RXHASH = 32,
            SKF_AD_CPU = 36,
            SKF_AD_ALU_XOR_X = 40,
            SKF_AD_VLAN_TAG = 44,
            SKF_AD_VLAN_TAG_PRESENT = 48,
            SKF_AD_PAY_OFFSET = 52,
            SKF_AD_RANDOM = 56,
            SKF_AD_VLAN_TPID = 60,
            SKF_AD_MAX = 64;

    /// The name of how it avoids congestion: `name`.
    int TCP_CONGESTION = 13;

    /// Whether `MSG_ZEROCOPY` is allowed.
    int SO_ZEROCOPY = 60;

    /// Whether small pieces are sent at once.
    int TCP_NODELAY = 1;

    /// How much unsent data makes it count as not writable.
    int TCP_NOTSENT_LOWAT = 25;

    /// For how many seconds a listener waits for data before it accepts.
    int TCP_DEFER_ACCEPT = 9;

    /// After how many seconds of silence a connection is tested.
    int TCP_KEEPIDLE = 4;

    /// How many seconds lie between two tests.
    int TCP_KEEPINTVL = 5;

    /// After how many tests without an answer it is given up.
    int TCP_KEEPCNT = 6;

    /// Joins a multicast group: `group`, `interface`.
    int MCAST_JOIN_GROUP = 42;

    /// Leaves a multicast group: `group`, `interface`.
    int MCAST_LEAVE_GROUP = 45;

    /// Hears a source no more: `group`, `source`, `interface`.
    int MCAST_BLOCK_SOURCE = 43;

    /// Hears a source again: `group`, `source`, `interface`.
    int MCAST_UNBLOCK_SOURCE = 44;

    /// Joins a group for one source: `group`, `source`, `interface`.
    int MCAST_JOIN_SOURCE_GROUP = 46;

    /// Leaves a group for one source: `group`, `source`, `interface`.
    int MCAST_LEAVE_SOURCE_GROUP = 47;

    /// The index of the interface that multicasts leave by.
    int IP_MULTICAST_IF = 32, IPV6_MULTICAST_IF = 17;

    /// How far multicasts go, 0 to 255.
    int IP_MULTICAST_TTL = 33;

    /// Whether multicasts come back.
    int IP_MULTICAST_LOOP = 34, IPV6_MULTICAST_LOOP = 19;

    /// How far multicasts go, -1 to 255.
    int IPV6_MULTICAST_HOPS = 18;

    /// Whether a socket of IPv6 takes nothing that comes by IPv4.
    int IPV6_V6ONLY = 26;

    /// IPv4's level of options.
    int IPPROTO_IP = 0;

    /// IPv6's level of options.
    int IPPROTO_IPV6 = 41;

    /// TCP's level of options, and its protocol.
    int SOL_TCP = 6;

    /// UDP's level of options, and its protocol.
    int SOL_UDP = 17;

    /// How far packets go.
    int IPV6_UNICAST_HOPS = 16;

    /// Whether messages come with [#IPV6_PKTINFO].
    int IPV6_RECVPKTINFO = 49;

    /// Where a packet came in, or is to leave: `addr`, `ifindex`.
    int IPV6_PKTINFO = 50;

    /// Whether messages come with [#IPV6_HOPLIMIT].
    int IPV6_RECVHOPLIMIT = 51;

    /// How far a packet goes.
    int IPV6_HOPLIMIT = 52;

    /// Whether messages come with [#IPV6_TCLASS].
    int IPV6_RECVTCLASS = 66;

    /// The traffic class of a packet.
    int IPV6_TCLASS = 67;

    /// Whether messages come with the credentials of their senders.
    int SO_PASSCRED = 16;

    /// Takes the packet filter away; PHP 8.3.
    int SO_DETACH_FILTER = 27, SO_DETACH_BPF = 27;

    /// The index of the interface that it is bound to; PHP 8.4.
    int SO_BINDTOIFINDEX = 62;

    /// How often a connection is tried; PHP 8.4.
    int TCP_SYNCNT = 7;

    /// Whether what comes is confirmed at once; PHP 8.3.
    int TCP_QUICKACK = 12;

    /// Whether the connection may be taken apart and put together; PHP 8.3.
    int TCP_REPAIR = 19;

    /// How the longest packet is found; PHP 8.3.
    int IP_MTU_DISCOVER = 10;

    /// Packets may be taken apart; PHP 8.3.
    int IP_PMTUDISC_DONT = 0;

    /// As the route says; PHP 8.3.
    int IP_PMTUDISC_WANT = 1;

    /// Packets may not be taken apart; PHP 8.3.
    int IP_PMTUDISC_DO = 2;

    /// Packets may be longer than is known to work; PHP 8.3.
    int IP_PMTUDISC_PROBE = 3;

    /// As the interface says; PHP 8.3.
    int IP_PMTUDISC_INTERFACE = 4;

    /// As the interface says, or taken apart; PHP 8.3.
    int IP_PMTUDISC_OMIT = 5;

    /// Whether the port is chosen when it connects; PHP 8.3.
    int IP_BIND_ADDRESS_NO_PORT = 24;

    /// UDP-Lite's level of options; PHP 8.3.
    int SOL_UDPLITE = 136;

    /// How much a checksum covers; PHP 8.3.
    int UDPLITE_SEND_CSCOV = 10;

    /// How much a checksum must cover; PHP 8.3.
    int UDPLITE_RECV_CSCOV = 11;

    /// Which of the sockets that share an address gets a packet: [#SKF_AD_CPU] or [#SKF_AD_QUEUE] chooses, 0
    /// takes the filter away; PHP 8.3.
    int SO_ATTACH_REUSEPORT_CBPF = 51;

    /// Takes the filter of [#SO_ATTACH_REUSEPORT_CBPF] away; PHP 8.6.
    int SO_DETACH_REUSEPORT_BPF = 68;

    /// How many microseconds a call that waits asks the device again and again; PHP 8.5.
    int SO_BUSY_POLL = 46;

    /// How long the datagrams are that one that is sent is cut into, 0 to 65535; PHP 8.5.
    int UDP_SEGMENT = 103;

    /// After how many milliseconds without an answer a connection is given up; PHP 8.6.
    int TCP_USER_TIMEOUT = 18;

    /// ICMP's level of options, and its protocol; PHP 8.5.
    int IPPROTO_ICMP = 1;

    /// ICMPv6's level of options, and its protocol; PHP 8.5.
    int IPPROTO_ICMPV6 = 58;

    /// The protocol of packets of IPv4, for a socket of [Sockets#AF_PACKET]; PHP 8.5.
    int ETH_P_IP = 0x800;

    /// The protocol of packets of IPv6; PHP 8.5.
    int ETH_P_IPV6 = 0x86dd;

    /// The protocol of looped packets; PHP 8.5.
    int ETH_P_LOOP = 0x60;

    /// All protocols; PHP 8.5.
    int ETH_P_ALL = 3;
}
