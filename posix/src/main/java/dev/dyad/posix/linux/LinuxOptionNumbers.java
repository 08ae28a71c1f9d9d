package dev.dyad.posix.linux;

import dev.dyad.posix.OptionNumbers;

/// What Linux calls its socket options on x86-64 and aarch64.
interface LinuxOptionNumbers extends OptionNumbers {

    @Override
    default int SOL_SOCKET() {
        return 1;
    }

    @Override
    default int SO_DEBUG() {
        return 1;
    }

    @Override
    default int SO_REUSEADDR() {
        return 2;
    }

    @Override
    default int SO_TYPE() {
        return 3;
    }

    @Override
    default int SO_ERROR() {
        return 4;
    }

    @Override
    default int SO_DONTROUTE() {
        return 5;
    }

    @Override
    default int SO_BROADCAST() {
        return 6;
    }

    @Override
    default int SO_SNDBUF() {
        return 7;
    }

    @Override
    default int SO_RCVBUF() {
        return 8;
    }

    @Override
    default int SO_KEEPALIVE() {
        return 9;
    }

    @Override
    default int SO_OOBINLINE() {
        return 10;
    }

    @Override
    default int SO_PRIORITY() {
        return 12;
    }

    @Override
    default int SO_LINGER() {
        return 13;
    }

    @Override
    default int SO_REUSEPORT() {
        return 15;
    }

    @Override
    default int SO_PASSCRED() {
        return 16;
    }

    @Override
    default int SO_PEERCRED() {
        return 17;
    }

    @Override
    default int SO_RCVLOWAT() {
        return 18;
    }

    @Override
    default int SO_SNDLOWAT() {
        return 19;
    }

    @Override
    default int SO_RCVTIMEO() {
        return 20;
    }

    @Override
    default int SO_SNDTIMEO() {
        return 21;
    }

    @Override
    default int SO_BINDTODEVICE() {
        return 25;
    }

    @Override
    default int SO_TIMESTAMP() {
        return 29;
    }

    @Override
    default int SO_ACCEPTCONN() {
        return 30;
    }

    @Override
    default int SO_PROTOCOL() {
        return 38;
    }

    @Override
    default int SO_DOMAIN() {
        return 39;
    }

    @Override
    default int SO_BUSY_POLL() {
        return 46;
    }

    @Override
    default int SO_INCOMING_CPU() {
        return 49;
    }

    @Override
    default int SO_INCOMING_NAPI_ID() {
        return 56;
    }

    @Override
    default int SO_PEERPIDFD() {
        return 77;
    }

    @Override
    default int IPPROTO_IP() {
        return 0;
    }

    @Override
    default int IPPROTO_TCP() {
        return 6;
    }

    @Override
    default int IPPROTO_UDP() {
        return 17;
    }

    @Override
    default int IPPROTO_IPV6() {
        return 41;
    }

    @Override
    default int TCP_NODELAY() {
        return 1;
    }

    @Override
    default int TCP_KEEPIDLE() {
        return 4;
    }

    @Override
    default int TCP_KEEPINTVL() {
        return 5;
    }

    @Override
    default int TCP_KEEPCNT() {
        return 6;
    }

    @Override
    default int TCP_DEFER_ACCEPT() {
        return 9;
    }

    @Override
    default int TCP_QUICKACK() {
        return 12;
    }

    @Override
    default int IP_TOS() {
        return 1;
    }

    @Override
    default int IP_TTL() {
        return 2;
    }

    @Override
    default int IP_MTU_DISCOVER() {
        return 10;
    }

    @Override
    default int IP_PMTUDISC_DONT() {
        return 0;
    }

    @Override
    default int IP_PMTUDISC_DO() {
        return 2;
    }

    @Override
    default int IP_MULTICAST_IF() {
        return 32;
    }

    @Override
    default int IP_MULTICAST_TTL() {
        return 33;
    }

    @Override
    default int IP_MULTICAST_LOOP() {
        return 34;
    }

    @Override
    default int IPV6_UNICAST_HOPS() {
        return 16;
    }

    @Override
    default int IPV6_MULTICAST_IF() {
        return 17;
    }

    @Override
    default int IPV6_MULTICAST_HOPS() {
        return 18;
    }

    @Override
    default int IPV6_MULTICAST_LOOP() {
        return 19;
    }

    @Override
    default int IPV6_MTU_DISCOVER() {
        return 23;
    }

    @Override
    default int IPV6_V6ONLY() {
        return 26;
    }

    @Override
    default int IPV6_RECVPKTINFO() {
        return 49;
    }

    @Override
    default int IPV6_PKTINFO() {
        return 50;
    }

    @Override
    default int IPV6_HOPLIMIT() {
        return 52;
    }

    @Override
    default int IPV6_RECVTCLASS() {
        return 66;
    }

    @Override
    default int IPV6_TCLASS() {
        return 67;
    }

    @Override
    default boolean doublesBuffers() {
        return true;
    }
}
